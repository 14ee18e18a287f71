-- For each community: persons whom screening or the register knew before the round, persons sampled in the round, and
-- persons in both: those sampled who were expected. Rows: community, known, sampled, both.
-- Parameters: district, operation, path, low and high (the paths below it), done and removed (numbers of states),
-- opening (the origin of who was expected), labels (of the path of a community).
SELECT array_to_string((string_to_array(u.area, '.'))[1:%(labels)s], '.') AS community,
  count(*) FILTER (WHERE u.origin = %(opening)s), count(*) FILTER (WHERE u.state = %(done)s),
  count(*) FILTER (WHERE u.origin = %(opening)s AND u.state = %(done)s)
FROM coverage_unit u
WHERE u.district = %(district)s AND u.operation = %(operation)s AND u.state <> %(removed)s
  AND (u.area = %(path)s OR (u.area >= %(low)s AND u.area < %(high)s))
GROUP BY 1 ORDER BY 1
