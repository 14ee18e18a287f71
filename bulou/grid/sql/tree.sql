-- One row per area of a district that holds on a day, parents before children, with its code in one numbering.
-- Parameters: district, on (date), scheme.
-- Indexes: grid_area_path, grid_code_area.
SELECT a.area, a.path, a.level, a.kind, a.name, a.short_name, a.flags, coalesce(c.code, '')
  FROM grid_area a
  LEFT JOIN grid_code c
    ON c.district = a.district AND c.area = a.area AND c.scheme = %(scheme)s AND c.valid @> %(on)s::date
 WHERE a.district = %(district)s
   AND a.valid @> %(on)s::date
 ORDER BY a.path
