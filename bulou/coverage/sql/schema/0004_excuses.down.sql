DROP INDEX coverage_unit_excuses;
CREATE INDEX coverage_unit_excuses ON coverage_unit (district, operation, excused_until) WHERE state = 5;
