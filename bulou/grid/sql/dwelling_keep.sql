-- Keeps known doors as they are before the file changes them. Parameters: district, import.
INSERT INTO grid_import_change (id, district, import_id, subject_type, subject, before)
SELECT uuidv7(), d.district, %(import)s, 'dwelling', d.id, to_jsonb(d)
  FROM grid_diff f
  JOIN grid_dwelling d ON d.id = f.known AND d.district = %(district)s
 WHERE NOT EXISTS (SELECT 1 FROM grid_twice t WHERE t."row" = f."row")
