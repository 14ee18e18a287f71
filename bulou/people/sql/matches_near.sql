-- Who is found by whole names, where that can mean the same person: in one of these places, or among these people, or as an
-- entry that was merged into another one. Names are shared: without this a file of 156,000 read more of them with each 1,000
-- rows. A row for each hit. Index: key of people_token.
-- Parameters: district, what, tokens, near (paths), people.
SELECT t.token, t.person FROM people_token AS t
WHERE t.district = %(district)s AND t.what = %(what)s AND t.token = ANY (%(tokens)s::bytea[])
  AND (
    t.path = ANY (%(near)s::text[]) OR t.person = ANY (%(people)s::uuid[])
    OR t.person IN (SELECT p.id FROM people_person AS p WHERE p.district = %(district)s AND p.merged_into IS NOT NULL)
  )
