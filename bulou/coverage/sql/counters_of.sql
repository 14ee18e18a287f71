-- The counters of a round in one area, summed; one row of the result: state, n.
-- Parameters: district, operation, area, low and high (the paths below the area). Relies on coverage_counter_pk; an OR
-- in place of the two parts would read the table beside it.
SELECT state, sum(n)::integer FROM (
  SELECT state, n FROM coverage_counter
  WHERE district = %(district)s AND operation = %(operation)s AND area = %(area)s
  UNION ALL
  SELECT state, n FROM coverage_counter
  WHERE district = %(district)s AND operation = %(operation)s AND area >= %(low)s AND area < %(high)s
) c GROUP BY state
