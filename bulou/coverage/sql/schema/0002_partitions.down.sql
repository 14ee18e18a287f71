-- Only for an empty development database.
DROP TABLE coverage_counter;
DROP TABLE coverage_unit;
