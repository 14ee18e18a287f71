-- People of every compound of a made-up city, as an import leaves them, three behind each door; of ten, one is on a register
-- and nine were found in the field, so that a tenth can be measured beside all. No rows in the result.
-- Parameters: d (district), per (people a compound).
INSERT INTO people_person (id, district, path, area, held_path, place_kind, origin, found_at, building, label, sort)
SELECT uuidv7(), %(d)s, path, path, path, 'dwelling', CASE WHEN n %% 10 = 0 THEN 'office' ELSE 'field' END, now(),
  (n / 180 + 1)::text, (n / 180 + 1) || ' ' || lpad((n / 3)::text, 4, '0'), lpad((n / 3)::text, 6, '0')
FROM (SELECT path FROM grid_area WHERE district = %(d)s AND level = 'compound' ORDER BY path) a, generate_series(1, %(per)s) n
