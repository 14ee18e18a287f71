-- Slots that are owed: computed from the rows of the watches, less the slots that are closed. One row of the result: a slot.
-- Parameters: district, account (uuid or null), paths (text[], disjoint) and lows, highs: what lies
-- below them, given as values because a computed bound would not be trusted below row-level security; anyone (also what is given to others by name),
-- since, until (timestamptz), first, last (date in the district), zone, closed (least state that closes), limit.
-- Relies on watches_watch_worker, watches_watch_path and the primary key of watches_slot. No table is read whole.
WITH mine AS MATERIALIZED (
  SELECT w.* FROM watches_watch w
  WHERE w.district = %(district)s AND w.is_open AND w.worker = %(account)s::uuid
  UNION ALL
  SELECT w.* FROM unnest(%(paths)s::text[]) AS p JOIN watches_watch w ON w.district = %(district)s AND w.is_open
    AND w.path = p AND (w.worker IS NULL OR (%(anyone)s AND w.worker IS DISTINCT FROM %(account)s::uuid))
  UNION ALL
  SELECT w.* FROM unnest(%(lows)s::text[], %(highs)s::text[]) AS p(low, high) JOIN watches_watch w ON w.district = %(district)s
    AND w.is_open AND w.path >= p.low AND w.path < p.high
    AND (w.worker IS NULL OR (%(anyone)s AND w.worker IS DISTINCT FROM %(account)s::uuid))
),
slots AS (
  SELECT m.id, b.track, b.wait,
    (d::date + make_interval(mins => b.minute)) AT TIME ZONE %(zone)s AS due_at
  FROM mine m
  CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d
  CROSS JOIN LATERAL unnest(m.beats, m.beat_tracks, m.beat_waits) AS b(minute, track, wait)
  UNION ALL
  SELECT m.id, x.track, x.wait, x.due_at
  FROM mine m CROSS JOIN LATERAL unnest(m.moments, m.moment_tracks, m.moment_waits) AS x(due_at, track, wait)
)
SELECT m.id, m.person, m.path, m.protocol, s.track, s.due_at, s.wait, x.state, m.worker
FROM slots s JOIN mine m ON m.id = s.id
LEFT JOIN watches_slot x ON x.district = %(district)s AND x.watch = s.id AND x.track = s.track AND x.due_at = s.due_at
WHERE s.due_at >= %(since)s AND s.due_at < %(until)s AND s.due_at >= m.started_at AND s.due_at < m.until
  AND (x.state IS NULL OR x.state < %(closed)s)
ORDER BY s.due_at, m.path, m.id, s.track LIMIT %(limit)s
