-- Only for an empty development database.
DROP FUNCTION bulou_make_months(integer);
