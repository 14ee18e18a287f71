-- How many compounds of an area a round has, counted no further than a limit; one row: n.
-- Parameters: district, operation, area, low and high (the paths below the area), limit. Relies on coverage_counter_pk.
SELECT count(*) FROM (
  SELECT DISTINCT area FROM coverage_counter
  WHERE district = %(district)s AND operation = %(operation)s
    AND (area = %(area)s OR (area >= %(low)s AND area < %(high)s))
  LIMIT %(limit)s
) a
