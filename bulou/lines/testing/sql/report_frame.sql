-- How the frame of a round came about; the one row: expected at the opening, found in the field, added by the office, removed.
-- Parameters: district, operation, path, low and high (the paths below it), removed (number of the state). One partition is read.
SELECT count(*) FILTER (WHERE origin = 'opening'), count(*) FILTER (WHERE origin = 'found'),
  count(*) FILTER (WHERE origin = 'office'), count(*) FILTER (WHERE state = %(removed)s)
FROM coverage_unit
WHERE district = %(district)s AND operation = %(operation)s
  AND (area = %(path)s OR (area >= %(low)s AND area < %(high)s))
