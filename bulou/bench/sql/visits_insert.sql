-- The visits of the made-up city: a row for each, filed in the community of its place.
-- Parameters: d (district), base (the moment from which the minutes count).
INSERT INTO tracing_visit (district, path, person, place, began_at, ended_at)
SELECT %(d)s, %(d)s || '.' || to_char(1 + place %% 20, 'FM000') || '.' || to_char(1 + place / 20 %% 30, 'FM000'),
  md5('p' || person)::uuid, md5('s' || place)::uuid, %(base)s::timestamptz + began * interval '1 minute',
  %(base)s::timestamptz + (began + max(minutes)) * interval '1 minute'
FROM bench_visit
GROUP BY person, place, began
