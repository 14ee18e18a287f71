-- People of one compound, as an import leaves them, three behind each door. No rows in the result.
-- Parameters: d (district), path (the compound), n (people).
INSERT INTO people_person (id, district, path, area, held_path, place_kind, origin, found_at, building, label, sort)
SELECT uuidv7(), %(d)s, %(path)s, %(path)s, %(path)s, 'dwelling', 'office', now(),
  (n / 180 + 1)::text, (n / 180 + 1) || ' ' || lpad((n / 3)::text, 4, '0'), lpad((n / 3)::text, 6, '0')
FROM generate_series(1, %(n)s) n
