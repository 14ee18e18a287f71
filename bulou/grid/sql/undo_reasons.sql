-- Why an import cannot be undone: one row, how many of its rows later facts stand on.
--   held      its areas, doors and sites below a path that a later hold names (a round's frozen frame), or above one
--   changed   its areas, doors and sites that were changed, moved or ended since
--   followed  doors, sites and areas of others inside areas that it made
-- Parameters: district, import, made_at.
-- Indexes: grid_area_source, grid_dwelling_import, grid_site_import, grid_hold_once, grid_dwelling_door.
WITH areas AS (
  SELECT area, path, valid FROM grid_area WHERE district = %(district)s AND source = %(import)s
), made AS (
  SELECT area, path FROM areas
   WHERE area NOT IN (SELECT subject FROM grid_import_change
                       WHERE district = %(district)s AND import_id = %(import)s AND subject_type = 'area')
), rows AS (
  SELECT path FROM areas
  UNION ALL SELECT path FROM grid_dwelling WHERE district = %(district)s AND import_id = %(import)s
  UNION ALL SELECT path FROM grid_site WHERE district = %(district)s AND import_id = %(import)s
), holds AS (
  SELECT path FROM grid_hold WHERE district = %(district)s AND held_at >= %(made_at)s
), subjects AS (
  SELECT area AS id FROM areas
  UNION ALL SELECT id FROM grid_dwelling WHERE district = %(district)s AND import_id = %(import)s
  UNION ALL SELECT id FROM grid_site WHERE district = %(district)s AND import_id = %(import)s
  UNION ALL SELECT subject FROM grid_import_change WHERE district = %(district)s AND import_id = %(import)s
)
SELECT
  (SELECT count(*) FROM rows r
    WHERE EXISTS (SELECT 1 FROM holds h WHERE (r.path || '.') ^@ (h.path || '.') OR (h.path || '.') ^@ (r.path || '.'))
  ) AS held,
  (SELECT count(*) FROM areas a
    WHERE NOT upper_inf(a.valid)
       OR EXISTS (SELECT 1 FROM grid_area b
                   WHERE b.district = %(district)s AND b.area = a.area AND b.source IS DISTINCT FROM %(import)s
                     AND lower(b.valid) > lower(a.valid)))
  + (SELECT count(*) FROM grid_dwelling
      WHERE district = %(district)s AND import_id = %(import)s AND valid_until IS NOT NULL)
  + (SELECT count(*) FROM grid_site
      WHERE district = %(district)s AND import_id = %(import)s AND valid_until IS NOT NULL)
  + (SELECT count(*) FROM grid_import_change c
      WHERE c.district = %(district)s AND c.import_id > %(import)s
        AND (c.subject IN (SELECT id FROM subjects) OR c.before ->> 'source' = %(import)s::text)
        AND EXISTS (SELECT 1 FROM grid_import i
                     WHERE i.district = %(district)s AND i.id = c.import_id AND i.state = 'done')) AS changed,
  (SELECT count(*) FROM grid_dwelling d JOIN made a ON a.path = d.path
    WHERE d.district = %(district)s AND d.import_id IS DISTINCT FROM %(import)s)
  + (SELECT count(*) FROM grid_site d JOIN made a ON a.path = d.path
      WHERE d.district = %(district)s AND d.import_id IS DISTINCT FROM %(import)s)
  + (SELECT count(*) FROM grid_area b JOIN made a ON a.area = b.parent
      WHERE b.district = %(district)s AND b.source IS DISTINCT FROM %(import)s) AS followed
