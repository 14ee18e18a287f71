-- Keeps the open head count of one path and kind as it is before it changes.
-- Parameters: district, path, kind, import. Index: grid_population_one.
INSERT INTO grid_import_change (id, district, import_id, subject_type, subject, before)
SELECT uuidv7(), p.district, %(import)s, 'population', p.id, to_jsonb(p)
  FROM grid_population p
 WHERE p.district = %(district)s AND p.path = %(path)s AND p.kind = %(kind)s AND upper_inf(p.valid)
