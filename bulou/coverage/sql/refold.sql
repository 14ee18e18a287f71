-- Sets units of one round to what the ledger says, and carries the differences into the counters.
-- One row of the result: a unit, as it stands now. Parameters: those of fold.sql, which stands at the mark below, and
-- amend: a record speaks about another one, so the unit is refolded from now on.
-- Assumes the rows are locked by an earlier statement, so that this one sees every record that could have moved them.
WITH f AS (/*fold*/),
changed AS (
  UPDATE coverage_unit u SET
    rank = coalesce(f.rank, 0), state = coalesce(f.state, 0), outcome = coalesce(f.outcome, ''),
    alert = coalesce(f.alert, false), effective_at = f.effective_at, record = f.record,
    excused_until = f.excused_until, author = f.author, team = coalesce(f.team, ''),
    attempts = coalesce(f.attempts, 0), last_attempt_at = f.last_attempt_at, last_attempt = f.last_attempt,
    last_state = coalesce(f.last_state, 0), amended = u.amended OR %(amend)s
  FROM unnest(%(subjects)s::uuid[]) AS t(subject) LEFT JOIN f USING (subject)
  WHERE u.district = %(district)s AND u.operation = %(operation)s AND u.subject = t.subject
    AND u.subject = ANY(%(subjects)s::uuid[])
  RETURNING u.operation, u.subject, u.path, u.area, old.state AS state_was, u.state AS state_now, old.alert AS alert_was, u.alert,
    u.last_state, u.last_attempt_at, u.last_attempt, u.excused_until
),
delta AS (
  SELECT operation, area, state, sum(d)::integer AS d FROM (
    SELECT operation, area, state_was AS state, -1 AS d FROM changed WHERE state_was <> state_now
    UNION ALL SELECT operation, area, state_now, 1 FROM changed WHERE state_was <> state_now
    UNION ALL SELECT operation, area, 20, alert::integer - alert_was::integer FROM changed
  ) s GROUP BY operation, area, state HAVING sum(d) <> 0 ORDER BY operation, area, state
),
counted AS (
  INSERT INTO coverage_counter AS c (district, operation, area, state, n)
  SELECT %(district)s, operation, area, state, d FROM delta
  ON CONFLICT (district, operation, area, state) DO UPDATE SET n = c.n + excluded.n
)
SELECT operation, subject, path, area, state_now, last_state, last_attempt_at, last_attempt, excused_until FROM changed
