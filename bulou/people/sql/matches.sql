-- Who is found by keyed hashes: one row for each hit of a hash, with the person it stands for now.
-- Parameters: district, whats and tokens (same order). Index: key of people_token; a person by primary key.
SELECT t.what, t.token, t.identity, coalesce(p.merged_into, p.id) AS person, root.path, t.person AS own
FROM unnest(%(whats)s::text[], %(tokens)s::bytea[]) AS w (what, token)
JOIN people_token AS t ON t.district = %(district)s AND t.what = w.what AND t.token = w.token
JOIN people_person AS p ON p.district = t.district AND p.id = t.person
JOIN people_person AS root ON root.district = t.district AND root.id = coalesce(p.merged_into, p.id)
