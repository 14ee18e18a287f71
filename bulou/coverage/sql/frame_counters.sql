-- Counts the units of a frame that was just made; one row per compound goes into the counters.
-- Parameters: district, operation.
INSERT INTO coverage_counter (district, operation, area, state, n)
SELECT district, operation, area, 0, count(*) FROM coverage_unit
WHERE district = %(district)s AND operation = %(operation)s GROUP BY district, operation, area
