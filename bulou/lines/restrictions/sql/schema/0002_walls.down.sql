ALTER TABLE restrictions_restriction DROP CONSTRAINT restrictions_one_at_a_time;
DROP TRIGGER restrictions_guard ON restrictions_restriction;
DROP FUNCTION restrictions_guard();
DROP TRIGGER restrictions_act_stays ON restrictions_act;
DROP FUNCTION restrictions_act_stays();
