-- People who are held for the first time, at the place where they were entered. No rows in the result.
-- Parameters: district, place_kind, origin; one element for each person: id, path, found_at.
INSERT INTO people_person (id, district, path, area, held_path, place_kind, origin, found_at)
SELECT p.id, %(district)s, p.path, p.path, p.path, %(place_kind)s, %(origin)s, p.found_at
FROM unnest(%(id)s::uuid[], %(path)s::text[], %(found_at)s::timestamptz[]) AS p (id, path, found_at)
