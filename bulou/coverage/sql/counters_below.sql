-- The counters of a round in one area, one row of the result: compound, state, n.
-- Parameters: district, operation, area, low and high (the paths below the area). Relies on coverage_counter_pk.
SELECT area, state, n FROM coverage_counter
WHERE district = %(district)s AND operation = %(operation)s
  AND (area = %(area)s OR (area >= %(low)s AND area < %(high)s))
