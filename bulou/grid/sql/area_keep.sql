-- Keeps the open version of areas as it is before an import changes it.
-- Parameters: district, areas (uuid[]), import. Index: grid_area_identity.
INSERT INTO grid_import_change (id, district, import_id, subject_type, subject, before)
SELECT uuidv7(), a.district, %(import)s, 'area', a.area, to_jsonb(a)
  FROM grid_area a
 WHERE a.district = %(district)s AND a.area = ANY (%(areas)s) AND upper_inf(a.valid)
