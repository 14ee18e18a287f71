-- The slowest sites of a round by how long their tubes waited for a courier; one row of the result: a site, tubes, people,
-- median and ninth tenth of that waiting in seconds, tubes that nobody has taken. Parameters: district, operation, path, low
-- and high (the paths below it), most. Relies on testing_tube_list.
SELECT site, count(*), coalesce(sum(n), 0)::bigint, percentile_cont(0.5) WITHIN GROUP (ORDER BY took),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY took), count(*) FILTER (WHERE stage IN ('filling', 'sealed'))
FROM (
  SELECT site, n, stage, greatest(0, extract(epoch FROM taken_at - coalesce(sealed_at, first_at)))::float8 AS took
  FROM testing_tube
  WHERE district = %(district)s AND operation = %(operation)s AND (path = %(path)s OR (path >= %(low)s AND path < %(high)s))
) waited
GROUP BY site ORDER BY 5 DESC NULLS LAST, count(*) DESC, site LIMIT %(most)s
