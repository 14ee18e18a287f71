-- Ends, on a day, every version of an area at or below a path that began before that day.
-- Parameters: district, path, below, past, on (date).
-- Index: grid_area_path.
UPDATE grid_area
   SET valid = daterange(lower(valid), %(on)s::date)
 WHERE district = %(district)s
   AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
   AND valid @> %(on)s::date
   AND lower(valid) < %(on)s::date
