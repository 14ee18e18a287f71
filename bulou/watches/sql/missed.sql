-- Watches whose latest slots of the first track were missed, longest without a closed slot first; one row of the result:
-- a watch, and how many slots in a row. Parameters: district, low, high (bounds of the path), path, after (timestamptz or
-- null) and last (uuid) of the page before, before (no younger last slot can have a missed one), at, zone, limit.
-- Relies on watches_watch_missed: the index is read in order and left as soon as the page is full.
SELECT w.id, w.person, w.path, w.protocol, w.regime, w.started_at, w.ends_at, w.worker, w.seen_at, m.n, w.last_due
FROM watches_watch w CROSS JOIN LATERAL (
  SELECT count(*) AS n
  FROM generate_series((w.last_due AT TIME ZONE %(zone)s)::date, (least(%(at)s, w.until) AT TIME ZONE %(zone)s)::date,
    interval '1 day') AS d
  CROSS JOIN LATERAL unnest(w.beats, w.beat_tracks, w.beat_waits) AS b(minute, track, wait)
  CROSS JOIN LATERAL (SELECT (d::date + make_interval(mins => b.minute)) AT TIME ZONE %(zone)s AS due_at) AS s
  WHERE b.track = w.main AND s.due_at > w.last_due AND s.due_at >= w.started_at AND s.due_at < w.until
    AND s.due_at + make_interval(mins => b.wait) <= %(at)s
) m
WHERE w.district = %(district)s AND w.is_open AND m.n > 0 AND w.last_due < %(before)s
  AND (w.path = %(path)s OR (w.path >= %(low)s AND w.path < %(high)s))
  AND (%(after)s::timestamptz IS NULL OR (w.last_due, w.id) > (%(after)s::timestamptz, %(last)s::uuid))
ORDER BY w.last_due, w.id LIMIT %(limit)s
