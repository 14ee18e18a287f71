-- People of a round's frame as it stands after all corrections; rows: area, building, persons, those who are done.
-- Parameters: district, operation, path, low and high (the paths below it), removed and done (numbers of states).
-- One partition is read.
SELECT u.area, u.building, count(*), count(*) FILTER (WHERE u.state = %(done)s) FROM coverage_unit u
WHERE u.district = %(district)s AND u.operation = %(operation)s AND u.state <> %(removed)s
  AND (u.area = %(path)s OR (u.area >= %(low)s AND u.area < %(high)s))
GROUP BY u.area, u.building
