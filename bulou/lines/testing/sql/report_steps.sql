-- How long each step of a tube took; one row of the result: a step, tubes that made it, median and ninth tenth in seconds.
-- Parameters: district, operation, path, low and high (the paths below it). Relies on testing_tube_list.
SELECT s.step, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY s.took), percentile_cont(0.9) WITHIN GROUP (ORDER BY s.took)
FROM testing_tube t CROSS JOIN LATERAL (VALUES
  (1, 'filled', extract(epoch FROM t.sealed_at - t.first_at)::float8),
  (2, 'waited', extract(epoch FROM t.taken_at - coalesce(t.sealed_at, t.first_at))::float8),
  (3, 'carried', extract(epoch FROM t.received_at - t.taken_at)::float8),
  (4, 'tested', extract(epoch FROM t.resulted_at - t.received_at)::float8),
  (5, 'whole', extract(epoch FROM t.resulted_at - t.first_at)::float8)
) AS s (at, step, took)
WHERE t.district = %(district)s AND operation = %(operation)s AND (path = %(path)s OR (path >= %(low)s AND path < %(high)s)) AND s.took >= 0
GROUP BY s.at, s.step ORDER BY s.at
