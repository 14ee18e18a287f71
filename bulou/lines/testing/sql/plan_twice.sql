-- For each community: persons done in the first round, in the second, and in both.
-- Rows: community, first, second, both. Parameters: district, first, second, path, low and high (the paths below it),
-- done (the number of the state), labels (of the path of a community).
SELECT community, count(*) FILTER (WHERE one), count(*) FILTER (WHERE other), count(*) FILTER (WHERE one AND other)
FROM (
  SELECT u.subject, min(array_to_string((string_to_array(u.area, '.'))[1:%(labels)s], '.')) AS community,
    bool_or(u.operation = %(first)s) AS one, bool_or(u.operation = %(second)s) AS other
  FROM coverage_unit u
  WHERE u.district = %(district)s AND u.operation IN (%(first)s, %(second)s) AND u.state = %(done)s
    AND (u.area = %(path)s OR (u.area >= %(low)s AND u.area < %(high)s))
  GROUP BY u.subject
) seen
GROUP BY community ORDER BY community
