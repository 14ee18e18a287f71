-- Reports of people about themselves that nobody has looked at, alarming ones first, then the oldest; one row of the
-- result: a report. Parameters: district, path, low, high (bounds of the path), reported and sampled (state and outcome:
-- a sample waits for its result, not for a word), calm (boolean), after (timestamptz), last (uuid) of the page before, or
-- null; limit. Relies on watches_slot_reported and watches_watch_path.
SELECT s.record, s.watch, w.person, w.path, w.protocol, s.track, s.due_at, s.at, s.outcome, s.alert
FROM watches_slot s JOIN watches_watch w ON w.district = s.district AND w.id = s.watch
WHERE s.district = %(district)s AND s.state = 3 AND s.state = %(reported)s AND s.outcome <> %(sampled)s
  AND w.district = %(district)s AND w.is_open AND (w.path = %(path)s OR (w.path >= %(low)s AND w.path < %(high)s))
  AND (%(after)s::timestamptz IS NULL
    OR (NOT s.alert, s.at, s.record) > (%(calm)s::boolean, %(after)s::timestamptz, %(last)s::uuid))
ORDER BY NOT s.alert, s.at, s.record LIMIT %(limit)s
