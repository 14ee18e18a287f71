-- Counters that differ from a full count of the units; one row of the result: a difference.
-- Parameters: district, operation. Relies on coverage_unit_pk (reads the whole round: for the nightly recount).
WITH counted AS (
  SELECT area, state, count(*)::integer AS n FROM coverage_unit
  WHERE district = %(district)s AND operation = %(operation)s GROUP BY area, state
  UNION ALL
  SELECT area, 20, count(*)::integer FROM coverage_unit
  WHERE district = %(district)s AND operation = %(operation)s AND alert GROUP BY area
)
SELECT area, state, coalesce(c.n, 0) AS live, coalesce(u.n, 0) AS counted
FROM counted u FULL JOIN (
  SELECT area, state, n FROM coverage_counter WHERE district = %(district)s AND operation = %(operation)s
) c USING (area, state)
WHERE coalesce(c.n, 0) <> coalesce(u.n, 0)
ORDER BY area, state
