-- The units of one round in a table of its own, compound by compound; no rows in the result.
-- Parameters: d (district), o (operation), per (units a compound), special (a community), most (units of a compound there).
-- Of 20 units 13 are done, 4 untried, one each absent, refused and excused, and one excuse in 50 has ended; in the
-- special community all are open.
INSERT INTO bench_unit (district, operation, subject, subject_type, path, area, building, label, sort, origin, rank, state,
  outcome, effective_at, record, excused_until, attempts, last_attempt_at, last_state)
SELECT %(d)s, %(o)s, uuidv7(), 'dwelling', path, path, (n / 60 + 1)::text, (n / 60 + 1) || ' ' || lpad(n::text, 6, '0'),
  lpad(n::text, 6, '0'), 'opening',
  CASE WHEN state = 0 THEN 0 WHEN state <= 2 THEN 1 WHEN state = 5 THEN 3 ELSE 5 END, state,
  CASE WHEN state = 0 THEN '' WHEN state <= 2 THEN 'absent_notice_left' WHEN state = 5 THEN 'vacant_confirmed' ELSE 'done' END,
  CASE WHEN state > 0 THEN now() - interval '1 hour' END, CASE WHEN state > 0 THEN uuidv7() END,
  CASE WHEN state = 5 THEN now() + CASE WHEN n %% 1000 = 0 THEN interval '-1 hour' ELSE interval '9 days' END END,
  CASE WHEN state BETWEEN 1 AND 5 THEN 1 ELSE 0 END, CASE WHEN state BETWEEN 1 AND 5 THEN now() - interval '1 hour' END,
  CASE WHEN state = 5 THEN 1 WHEN state <= 2 THEN state ELSE 0 END
FROM (
  SELECT path, n, CASE WHEN path ^@ (%(special)s || '.') THEN n %% 3
    WHEN n %% 20 = 0 THEN 5 WHEN n %% 20 <= 2 THEN n %% 20 WHEN n %% 20 <= 6 THEN 0 ELSE 7 END AS state
  FROM (SELECT path FROM grid_area WHERE district = %(d)s AND level = 'compound' ORDER BY path) a,
    generate_series(1, CASE WHEN path ^@ (%(special)s || '.') THEN %(most)s ELSE %(per)s END) n
) u
