-- The words under which identities are found again; those that are there already stay. No rows in the result.
-- Parameters: district; one element for each word: what, token (hex), identity, person, path.
INSERT INTO people_token (district, what, token, identity, person, path)
SELECT %(district)s, t.what, decode(t.token, 'hex'), t.identity, t.person, t.path
FROM unnest(%(what)s::text[], %(token)s::text[], %(identity)s::uuid[], %(person)s::uuid[], %(path)s::text[])
  AS t (what, token, identity, person, path)
ON CONFLICT DO NOTHING
