-- Everybody who is one person with these by merges in force: a row for each id, with the one it stands for.
-- Parameters: district, people. A chain ends after 20 steps. Indexes: primary key, screening_merge_keep.
WITH RECURSIVE linked AS (
  SELECT w.id, 0 AS step FROM unnest(%(people)s::uuid[]) AS w (id)
  UNION
  SELECT m.other, l.step + 1
  FROM linked AS l
  CROSS JOIN LATERAL (
    SELECT keep AS other FROM screening_merge WHERE district = %(district)s AND state = 'merged' AND id = l.id
    UNION ALL
    SELECT id FROM screening_merge WHERE district = %(district)s AND state = 'merged' AND keep = l.id
  ) AS m
  WHERE l.step < 20
)
SELECT DISTINCT l.id, m.keep
FROM linked AS l
LEFT JOIN screening_merge AS m ON m.district = %(district)s AND m.id = l.id AND m.state = 'merged'
ORDER BY l.id
