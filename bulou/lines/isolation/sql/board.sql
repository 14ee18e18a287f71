-- The rooms for guests of these sites by state. One row of the result: a site with rooms.
-- Parameters: district, sites (uuid[]). Each table is read once and grouped by room, without a join: estimates below
-- row-level security are far too low, and a join of 6,000 rooms with their nights became a loop of a minute.
WITH told AS (
  SELECT r.id AS room, r.site, false AS inside, NULL::timestamptz AS left_at, NULL::timestamptz AS clean_at, false AS out
  FROM isolation_room r
  WHERE r.district = %(district)s AND r.site = ANY(%(sites)s::uuid[]) AND r.zone = 'medical' AND r.beds > 0
  UNION ALL
  SELECT n.room, NULL, n.until IS NULL, n.until, NULL, false FROM isolation_night n WHERE n.district = %(district)s
  UNION ALL
  SELECT t.room, NULL, false, NULL, t.clean_at, t.out_of_use FROM isolation_turned t WHERE t.district = %(district)s
),
rooms AS (
  SELECT (array_agg(site) FILTER (WHERE site IS NOT NULL))[1] AS site,
    CASE WHEN bool_or(inside) THEN 1 WHEN bool_or(out) THEN 3
      WHEN max(left_at) IS NOT NULL AND (max(clean_at) IS NULL OR max(clean_at) < max(left_at)) THEN 2 ELSE 0 END AS state
  FROM told GROUP BY room
)
SELECT site, count(*), count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1),
  count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 3)
FROM rooms WHERE site IS NOT NULL GROUP BY site
