-- Gives sites back the attributes that they had before an import. Parameters: district, import.
UPDATE grid_site d
   SET attributes = b.attributes
  FROM grid_import_change c, jsonb_populate_record(NULL::grid_site, c.before) b
 WHERE c.district = %(district)s AND c.import_id = %(import)s AND c.subject_type = 'site'
   AND d.district = c.district AND d.id = c.subject
