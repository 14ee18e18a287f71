-- Writes settled slots, one statement for all watches of a batch; rows that say the same are left alone.
-- Parameters: district, rows (JSON array, sorted by key so that two batches cannot deadlock).
INSERT INTO watches_slot AS s (district, watch, track, due_at, state, outcome, alert, at, on_time, record, author)
SELECT %(district)s, watch, track, due_at, state, outcome, alert, at, on_time, record, author
FROM json_to_recordset(%(rows)s::json) AS r(watch uuid, track text, due_at timestamptz, state smallint, outcome text,
  alert boolean, at timestamptz, on_time boolean, record uuid, author uuid)
ON CONFLICT (district, watch, track, due_at) DO UPDATE SET state = excluded.state, outcome = excluded.outcome,
  alert = excluded.alert, at = excluded.at, on_time = excluded.on_time, record = excluded.record, author = excluded.author
WHERE (s.state, s.outcome, s.alert, s.at, s.on_time, s.record, s.author) IS DISTINCT FROM
  (excluded.state, excluded.outcome, excluded.alert, excluded.at, excluded.on_time, excluded.record, excluded.author)
