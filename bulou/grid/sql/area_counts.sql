-- One row per level and kind of area at or below a path that holds on a day.
-- Parameters: district, path, below (path || '.'), past (path || '/'), on (date), scope (text[], trailing dots).
-- Index: grid_area_path.
SELECT level, kind, count(*)
  FROM grid_area
 WHERE district = %(district)s
   AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
   AND valid @> %(on)s::date
   AND ((path || '.') ^@ ANY (%(scope)s))
 GROUP BY level, kind
