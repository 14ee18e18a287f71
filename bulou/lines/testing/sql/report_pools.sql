-- The pools of a round that were positive or grey, the latest result first; one row of the result: a tube, when its result
-- came, the first second sample because of it, the last result of such a sample (null where a second sample has none).
-- Parameters: district, operation, path, low and high (the paths below it), most. Relies on testing_tube_list.
SELECT t.id, t.resulted_at, s.first_at, CASE WHEN s.n = s.n_results THEN s.last_result END
FROM (
  SELECT id, resulted_at FROM testing_tube
  WHERE district = %(district)s AND operation = %(operation)s AND (path = %(path)s OR (path >= %(low)s AND path < %(high)s)) AND (result = 'grey' OR result = 'positive' AND rule <> 'single')
  ORDER BY resulted_at DESC, id LIMIT %(most)s
) t LEFT JOIN LATERAL (
  SELECT min(a.at) AS first_at, count(*) AS n, count(b.resulted_at) AS n_results, max(b.resulted_at) AS last_result
  FROM testing_sample a JOIN testing_tube b ON b.district = a.district AND b.id = a.tube
  WHERE a.district = %(district)s AND a.operation = %(operation)s AND a.of_tube = t.id AND a.counts
) s ON true
