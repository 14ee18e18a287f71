-- What watches below a place owed on a day and what came of it: one row of five numbers.
-- Parameters: district, path, low, high (what lies below, given as values), start, finish (timestamptz, the day),
-- at (until when it is known), first (date in the district), zone, closed (least state that closes).
-- Cost: the watches of the district that ran on the day, with their slots by the primary key of watches_slot; a report
-- of one day, no page that is looked at every minute.
WITH mine AS MATERIALIZED (
  SELECT w.* FROM watches_watch w
  WHERE w.district = %(district)s AND (w.path = %(path)s OR (w.path >= %(low)s AND w.path < %(high)s))
    AND w.started_at < %(finish)s AND w.until > %(start)s
),
slots AS (
  SELECT m.id, m.started_at, m.until, b.track, b.wait,
    (%(first)s::date + make_interval(mins => b.minute)) AT TIME ZONE %(zone)s AS due_at
  FROM mine m CROSS JOIN LATERAL unnest(m.beats, m.beat_tracks, m.beat_waits) AS b(minute, track, wait)
  UNION ALL
  SELECT m.id, m.started_at, m.until, x.track, x.wait, x.due_at
  FROM mine m CROSS JOIN LATERAL unnest(m.moments, m.moment_tracks, m.moment_waits) AS x(due_at, track, wait)
),
owed AS (
  SELECT s.due_at + make_interval(mins => s.wait) AS missed_at, coalesce(x.state, 0) >= %(closed)s AS settled,
    coalesce(x.alert, false) AS alert
  FROM slots s
  LEFT JOIN watches_slot x ON x.district = %(district)s AND x.watch = s.id AND x.track = s.track AND x.due_at = s.due_at
    AND x.at < %(finish)s
  WHERE s.due_at >= %(start)s AND s.due_at < least(%(finish)s, %(at)s) AND s.due_at >= s.started_at AND s.due_at < s.until
)
SELECT (SELECT count(*) FROM mine), count(*), count(*) FILTER (WHERE settled),
  count(*) FILTER (WHERE NOT settled AND missed_at <= %(at)s), count(*) FILTER (WHERE alert)
FROM owed
