-- Excuses that have run out are read with every account and every page of the missed list: all that both need stands in
-- the index, so that neither touches the rows.
DROP INDEX coverage_unit_excuses;
CREATE INDEX coverage_unit_excuses ON coverage_unit (district, operation, excused_until, path, last_state, area)
  WHERE state = 5;
