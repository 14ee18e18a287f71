-- Visits as numbers, as the file holds them: one row for each visit.
CREATE UNLOGGED TABLE bench_visit (person integer, place integer, began integer, minutes integer)
