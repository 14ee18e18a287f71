-- Doors low..high in every compound of a made-up city. No rows in the result. Parameters: d (district), low, high.
INSERT INTO grid_dwelling (id, district, path, area, building, door, sort, kind, needs_help, origin, valid_from)
SELECT uuidv7(), %(d)s, path, path, (n / 60 + 1)::text, lpad(n::text, 6, '0'), lpad(n::text, 6, '0'), 'home', '{}',
  'import', '2026-01-01'
FROM (SELECT path FROM grid_area WHERE district = %(d)s AND level = 'compound' ORDER BY path) a,
  generate_series(%(low)s, %(high)s) n
