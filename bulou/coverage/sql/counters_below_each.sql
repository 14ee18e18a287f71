-- The counters of a round, summed for each area right below one and for what is counted at itself; one row of the
-- result: place, state, n. Parameters: district, operation, area, low and high (the paths below it), behind (where the next
-- label of a path below it begins). Relies on coverage_counter_pk.
-- The places are found by walking the index from one to the next: taking the label out of each path costs eight times
-- what reading it does (15,000 counters, 2026-11). A hyphen sorts before the dot, so a place may be met twice.
WITH RECURSIVE walk AS (
  (SELECT area FROM coverage_counter
   WHERE district = %(district)s AND operation = %(operation)s AND area >= %(low)s AND area < %(high)s
   ORDER BY area LIMIT 1)
  UNION ALL
  SELECT (
    SELECT c.area FROM coverage_counter c
    WHERE c.district = %(district)s AND c.operation = %(operation)s AND c.area < %(high)s
      AND c.area > CASE WHEN w.area = place THEN place ELSE place || '.~' END
    ORDER BY c.area LIMIT 1)
  FROM walk w, LATERAL (SELECT %(low)s || split_part(substr(w.area, %(behind)s), '.', 1)) p(place)
  WHERE w.area IS NOT NULL
)
SELECT place, state, n FROM (
  SELECT DISTINCT %(low)s || split_part(substr(area, %(behind)s), '.', 1) FROM walk WHERE area IS NOT NULL
) p(place), LATERAL (
  SELECT state, sum(n)::integer FROM (
    SELECT c.state, c.n FROM coverage_counter c
    WHERE c.district = %(district)s AND c.operation = %(operation)s AND c.area = place
    UNION ALL
    SELECT c.state, c.n FROM coverage_counter c
    WHERE c.district = %(district)s AND c.operation = %(operation)s AND c.area >= place || '.' AND c.area < place || '/'
  ) c GROUP BY state
) s(state, n)
UNION ALL
SELECT area, state, n FROM coverage_counter
WHERE district = %(district)s AND operation = %(operation)s AND area = %(area)s
