-- Counts the units of a round that was filled in the middle of its days; no rows in the result. Parameters: d, o.
INSERT INTO coverage_counter (district, operation, area, state, n)
SELECT district, operation, area, state, count(*) FROM coverage_unit
WHERE district = %(d)s AND operation = %(o)s GROUP BY district, operation, area, state
