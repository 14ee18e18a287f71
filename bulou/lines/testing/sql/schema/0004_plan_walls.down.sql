DROP TRIGGER testing_plan_stays ON testing_plan;
DROP FUNCTION testing_plan_stays();
