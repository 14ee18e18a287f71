-- Moves people to the areas where they are now; the door where they were known is theirs no longer. Parameters: district,
-- people, paths (same order). Uses people_person_pkey; no row where the path is right already.
UPDATE people_person AS t SET path = w.path, door = NULL, building = '', label = '', sort = ''
FROM unnest(%(people)s::uuid[], %(paths)s::text[]) AS w (person, path)
WHERE t.district = %(district)s AND t.id = w.person AND t.path <> w.path
