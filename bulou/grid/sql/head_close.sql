-- Ends the open head count of one path and kind on a day; one that began on that day or later is removed.
-- Parameters: district, path, kind, on. Index: grid_population_one.
WITH ended AS (
  UPDATE grid_population
     SET valid = daterange(lower(valid), %(on)s::date)
   WHERE district = %(district)s AND path = %(path)s AND kind = %(kind)s AND upper_inf(valid)
     AND lower(valid) < %(on)s::date
  RETURNING id
)
DELETE FROM grid_population
 WHERE district = %(district)s AND path = %(path)s AND kind = %(kind)s AND upper_inf(valid)
   AND lower(valid) >= %(on)s::date
