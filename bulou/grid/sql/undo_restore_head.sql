-- Puts back the head counts that an import replaced. Parameters: district, import.
INSERT INTO grid_population
SELECT (jsonb_populate_record(NULL::grid_population, c.before)).*
  FROM grid_import_change c
 WHERE c.district = %(district)s AND c.import_id = %(import)s AND c.subject_type = 'population'
   AND c.before ->> 'source' IS DISTINCT FROM %(import)s::text
    ON CONFLICT (id) DO UPDATE SET valid = excluded.valid
