-- Slots without their watch, and watches whose last closed slot is not the last one; one row of the result: what is wrong,
-- in words. Parameters: district, closed (least state that closes). Reads the district's slots once: for verify.
SELECT 'slot of ' || s.watch FROM watches_slot s LEFT JOIN watches_watch w ON w.id = s.watch
WHERE s.district = %(district)s AND w.id IS NULL
UNION ALL
SELECT 'watch ' || w.id FROM watches_watch w
LEFT JOIN (
  SELECT s.watch, s.track, max(s.due_at) AS last FROM watches_slot s
  WHERE s.district = %(district)s AND s.state >= %(closed)s GROUP BY s.watch, s.track
) m ON m.watch = w.id AND m.track = w.main
WHERE w.district = %(district)s AND w.last_due <> greatest(w.started_at, m.last)
LIMIT 100
