-- Everybody who is one person with these by merges in force: a row for each id, with the one it stands for.
-- Parameters: district, people. A chain ends after 20 steps, a ring of merges at its smallest id.
WITH RECURSIVE linked AS (
  SELECT w.id, 0 AS step FROM unnest(%(people)s::uuid[]) AS w (id)
  UNION
  SELECT CASE WHEN m.id = l.id THEN m.keep ELSE m.id END, l.step + 1
  FROM linked AS l
  JOIN screening_merge AS m ON m.district = %(district)s AND m.state = 'merged' AND (m.id = l.id OR m.keep = l.id)
  WHERE l.step < 20
)
SELECT DISTINCT l.id, m.keep
FROM linked AS l
LEFT JOIN screening_merge AS m ON m.district = %(district)s AND m.id = l.id AND m.state = 'merged'
ORDER BY l.id
