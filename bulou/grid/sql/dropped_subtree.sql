-- Removes versions at or below a path that began on a day itself or later: with the change they never hold.
-- Parameters: district, path, below, past, on (date). Index: grid_area_path.
DELETE FROM grid_area
 WHERE district = %(district)s
   AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
   AND upper_inf(valid)
   AND lower(valid) >= %(on)s::date
