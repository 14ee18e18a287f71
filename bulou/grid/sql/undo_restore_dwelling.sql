-- Gives doors back the particulars that they had before an import. Parameters: district, import.
UPDATE grid_dwelling d
   SET floor = b.floor, kind = b.kind, needs_help = b.needs_help, building = b.building
  FROM grid_import_change c, jsonb_populate_record(NULL::grid_dwelling, c.before) b
 WHERE c.district = %(district)s AND c.import_id = %(import)s AND c.subject_type = 'dwelling'
   AND d.district = c.district AND d.id = c.subject
