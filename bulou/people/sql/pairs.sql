-- People below a path who may be one: a row for each pair and reason, at most `limit`. Parameters: district, path, limit.
-- Same number or same phone anywhere in the scope; same name only in the same place. Index: key of people_token.
SELECT DISTINCT least(a.root, b.root), greatest(a.root, b.root), a.what
FROM (
  SELECT t.what, t.token, coalesce(p.merged_into, p.id) AS root, p.path
  FROM people_token AS t JOIN people_person AS p ON p.district = t.district AND p.id = t.person
  WHERE t.district = %(district)s AND t.what IN ('number', 'phone', 'full')
    AND (t.path = %(path)s OR starts_with(t.path, %(path)s || '.'))
) AS a
JOIN people_token AS tb ON tb.district = %(district)s AND tb.what = a.what AND tb.token = a.token
JOIN people_person AS pb ON pb.district = tb.district AND pb.id = tb.person
CROSS JOIN LATERAL (SELECT coalesce(pb.merged_into, pb.id) AS root, pb.path) AS b
WHERE a.root <> b.root AND (a.what <> 'full' OR a.path = b.path AND a.path LIKE '%%.%%.%%')
ORDER BY 3, 1, 2
LIMIT %(limit)s
