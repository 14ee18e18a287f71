-- Keeps rows that were set aside. Parameters: district, import, rows (JSON array of objects).
INSERT INTO grid_import_row (id, district, import_id, "row", "column", code, params, cells)
SELECT uuidv7(), %(district)s, %(import)s, r."row", r."column", r.code, r.params, r.cells
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS r ("row" int, "column" text, code text, params jsonb, cells jsonb)
