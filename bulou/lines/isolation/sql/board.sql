-- What stands at each site now: rooms for guests by state, people, who answers, what the last check found.
-- One row of the result: a site that anything was said of. Parameters: district, sites (uuid[]), at (timestamptz),
-- today and tomorrow (midnights of the district). Relies on isolation_room_site, isolation_stay_site and the keys
-- of watches and rooms. 9 ms for 60 sites with 6,000 rooms and 4,000 guests (2 cores, 22 November 2026).
WITH nights AS (
  SELECT n.room, bool_or(n.until IS NULL) AS inside, max(n.until) AS left_at
  FROM isolation_night n WHERE n.district = %(district)s GROUP BY n.room
),
states AS (
  SELECT r.site, CASE WHEN n.inside THEN 1 WHEN t.out_of_use THEN 3
    WHEN n.left_at IS NOT NULL AND (t.clean_at IS NULL OR t.clean_at < n.left_at) THEN 2 ELSE 0 END AS state
  FROM isolation_room r LEFT JOIN nights n ON n.room = r.id
  LEFT JOIN isolation_turned t ON t.district = r.district AND t.room = r.id
  WHERE r.district = %(district)s AND r.site = ANY(%(sites)s::uuid[]) AND r.zone = 'medical' AND r.beds > 0
),
rooms AS (
  SELECT site, count(*) AS n, count(*) FILTER (WHERE state = 0) AS free, count(*) FILTER (WHERE state = 1) AS occupied,
    count(*) FILTER (WHERE state = 2) AS to_clean, count(*) FILTER (WHERE state = 3) AS out_of_use
  FROM states GROUP BY site
),
checks AS (
  SELECT DISTINCT ON (c.site) c.site, c.passed AND coalesce(c.valid_until > %(at)s, true) AS ready,
    cardinality(c.lacking) AS lacking
  FROM isolation_check c WHERE c.district = %(district)s AND c.site = ANY(%(sites)s::uuid[]) AND c.at <= %(at)s
  ORDER BY c.site, c.at DESC, c.id DESC
),
duties AS (
  SELECT d.site, (array_agg(d.account) FILTER (WHERE d."group" = 'head'))[1] AS head,
    count(DISTINCT d.account) AS staff
  FROM isolation_duty d WHERE d.district = %(district)s AND d.site = ANY(%(sites)s::uuid[]) AND d.valid @> %(at)s::timestamptz
  GROUP BY d.site
),
people AS (
  SELECT s.site, count(*) FILTER (WHERE s.arrived_at IS NOT NULL) AS staying,
    count(*) FILTER (WHERE s.arrived_at IS NULL) AS expected,
    count(*) FILTER (WHERE s.arrived_at IS NULL AND s.due_at < %(tomorrow)s) AS arriving,
    count(*) FILTER (WHERE s.arrived_at IS NOT NULL AND (s.released_at IS NOT NULL OR w.ends_at < %(tomorrow)s)) AS leaving,
    count(*) FILTER (WHERE s.arrived_at IS NOT NULL AND w.ends_at < %(today)s) AS overdue,
    count(*) FILTER (WHERE s.arrived_at IS NOT NULL AND c.ready IS NOT TRUE) AS early
  FROM isolation_stay s LEFT JOIN watches_watch w ON w.id = s.watch
  LEFT JOIN LATERAL (
    SELECT k.passed AND coalesce(k.valid_until > s.arrived_at, true) AS ready FROM isolation_check k
    WHERE k.district = %(district)s AND k.site = s.site AND k.at <= s.arrived_at ORDER BY k.at DESC, k.id DESC LIMIT 1
  ) c ON true
  WHERE s.district = %(district)s AND s.site = ANY(%(sites)s::uuid[]) AND s.left_at IS NULL
  GROUP BY s.site
)
SELECT i.id, coalesce(c.ready, false), coalesce(c.lacking, 0), d.head, coalesce(d.staff, 0), coalesce(r.n, 0),
  coalesce(r.free, 0), coalesce(r.occupied, 0), coalesce(r.to_clean, 0), coalesce(r.out_of_use, 0),
  coalesce(p.staying, 0), coalesce(p.expected, 0), coalesce(p.arriving, 0), coalesce(p.leaving, 0),
  coalesce(p.overdue, 0), coalesce(p.early, 0)
FROM unnest(%(sites)s::uuid[]) AS i(id)
LEFT JOIN rooms r ON r.site = i.id LEFT JOIN checks c ON c.site = i.id LEFT JOIN duties d ON d.site = i.id
LEFT JOIN people p ON p.site = i.id
