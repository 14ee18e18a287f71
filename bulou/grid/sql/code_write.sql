-- Adds codes of areas. Parameters: rows (JSON array of objects), scheme, import.
INSERT INTO grid_code (id, district, area, scheme, code, valid, source)
SELECT uuidv7(), r.district, r.area, %(scheme)s, r.code, daterange(r.since, NULL), %(import)s
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (district text, area uuid, code text, since date)
