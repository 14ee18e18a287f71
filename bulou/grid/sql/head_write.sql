-- Adds head counts. Parameters: rows (JSON array of objects), import.
INSERT INTO grid_population (id, district, path, kind, n, valid, source)
SELECT uuidv7(), r.district, r.path, r.kind, r.n, daterange(r.since, NULL), %(import)s
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (district text, path text, kind text, n int, since date)
