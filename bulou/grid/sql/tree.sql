-- One row per area path of some districts that holds with no end, parents before children, with its code in one
-- numbering; paths that have ended come too (`held` false), because a label is never used twice.
-- Parameters: districts (text[]), scheme.
-- Indexes: grid_area_path, grid_code_area. 41,000 areas: 0.2 s (2026-11).
SELECT a.district, a.path, upper_inf(a.valid) AS held, a.area, a.level, a.kind, a.name, a.short_name, a.flags,
       lower(a.valid), coalesce(c.code, '')
  FROM grid_area a
  LEFT JOIN grid_code c
    ON c.district = a.district AND c.area = a.area AND c.scheme = %(scheme)s AND upper_inf(c.valid)
 WHERE a.district = ANY (%(districts)s)
 ORDER BY a.district, a.path, held DESC
