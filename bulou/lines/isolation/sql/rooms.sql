-- The rooms of one site as they stand now, with who is in them. One row of the result: a room.
-- Parameters: district, site (uuid). Relies on isolation_room_site and isolation_night_room.
-- A room is to be cleaned from the moment somebody left it until two people have said that it is clean.
SELECT r.id, r.site, r.number, r.floor, r.zone, r.area, r.beds, r.barrier_free,
  CASE WHEN n.inside > 0 THEN 'occupied' WHEN t.out_of_use THEN 'out_of_use'
    WHEN n.left_at IS NOT NULL AND (t.clean_at IS NULL OR t.clean_at < n.left_at) THEN 'to_clean' ELSE 'free' END,
  coalesce(t.disinfected_at >= n.left_at, false), coalesce(t.reason, ''), n.guests
FROM isolation_room r
LEFT JOIN isolation_turned t ON t.district = r.district AND t.room = r.id
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE x.until IS NULL) AS inside, max(x.until) AS left_at,
    coalesce(array_agg(x.stay ORDER BY x.since) FILTER (WHERE x.until IS NULL), '{}') AS guests
  FROM isolation_night x WHERE x.district = %(district)s AND x.room = r.id
) n
WHERE r.district = %(district)s AND r.site = %(site)s
ORDER BY r.floor, length(r.number), r.number
