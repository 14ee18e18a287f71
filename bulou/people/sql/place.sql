-- Moves what is held about people to the areas where they are now. Parameters: district, people, paths (same order).
-- Uses the key or index on (district, person); no row where the path is right already.
UPDATE /*table*/ AS t SET path = w.path
FROM unnest(%(people)s::uuid[], %(paths)s::text[]) AS w (person, path)
WHERE t.district = %(district)s AND t.person = w.person AND t.path <> w.path
