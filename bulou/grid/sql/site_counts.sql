-- One row per type of site at or below a path on a day.
-- Parameters: as area_counts. Index: grid_site_name, grid_site_type.
SELECT type, count(*)
  FROM grid_site
 WHERE district = %(district)s
   AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
   AND valid_from <= %(on)s::date
   AND (valid_until IS NULL OR valid_until > %(on)s::date)
   AND ((path || '.') ^@ ANY (%(scope)s))
 GROUP BY type
 ORDER BY type
