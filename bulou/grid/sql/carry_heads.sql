-- Ends the head counts at or below a path on a day and opens them under another path, where none is known.
-- Parameters: as carry_dwellings. Key: grid_population_one.
WITH ended AS (
  UPDATE grid_population
     SET valid = daterange(lower(valid), %(on)s::date)
   WHERE district = %(district)s AND upper_inf(valid) AND lower(valid) < %(on)s::date
     AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
  RETURNING *
)
INSERT INTO grid_population (id, district, path, kind, n, valid, source)
SELECT uuidv7(), e.district, %(to)s || substr(e.path, length(%(path)s) + 1), e.kind, e.n,
       daterange(%(on)s::date, NULL), e.source
  FROM ended e
 WHERE NOT EXISTS (SELECT 1 FROM grid_population p
                    WHERE p.district = e.district AND p.path = %(to)s || substr(e.path, length(%(path)s) + 1)
                      AND p.kind = e.kind AND p.valid @> %(on)s::date)
