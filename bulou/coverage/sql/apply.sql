-- Folds a batch into the units and carries the differences into the counters, in one statement.
-- One row of the result: a unit that was ever tried in vain, as it stands now, or, without a path, one that is left.
-- Parameters: folds = JSON array of coverage.terms.Fold of one round, district, operation,
-- subjects (theirs). The unit keeps the greater of (rank, effective
-- time, id); attempts add up because the ledger lets each record through once; alerts are an OR.
-- Units marked amended are left alone: the caller refolds what does not come back.
-- Relies on coverage_unit_pk and coverage_counter_pk.
WITH n AS MATERIALIZED (
  SELECT subject, rank, state, outcome, effective_at, record, author, team, coalesce(alert, false) AS alert,
    excused_until, coalesce(attempts, 0) AS attempts, last_attempt_at, last_attempt, coalesce(last_state, 0) AS last_state
  FROM json_to_recordset(%(folds)s::json) AS r(subject uuid, rank smallint, state smallint, outcome text,
    effective_at timestamptz, record uuid, author uuid, team text, alert boolean, excused_until timestamptz,
    attempts smallint, last_attempt_at timestamptz, last_attempt uuid, last_state smallint)
),
changed AS (
  UPDATE coverage_unit u SET
    (rank, state, outcome, effective_at, record, excused_until, author, team) = (SELECT
      CASE WHEN better THEN n.rank ELSE u.rank END,
      CASE WHEN better THEN n.state ELSE u.state END,
      CASE WHEN better THEN n.outcome ELSE u.outcome END,
      CASE WHEN better THEN n.effective_at ELSE u.effective_at END,
      CASE WHEN better THEN n.record ELSE u.record END,
      CASE WHEN better THEN n.excused_until ELSE u.excused_until END,
      CASE WHEN better THEN n.author ELSE u.author END,
      CASE WHEN better THEN n.team ELSE u.team END
      FROM (SELECT u.record IS NULL OR (n.rank, n.effective_at, n.record) > (u.rank, u.effective_at, u.record)) AS q(better)),
    alert = u.alert OR n.alert,
    attempts = u.attempts + n.attempts,
    (last_attempt_at, last_attempt, last_state) = (SELECT
      CASE WHEN later THEN n.last_attempt_at ELSE u.last_attempt_at END,
      CASE WHEN later THEN n.last_attempt ELSE u.last_attempt END,
      CASE WHEN later THEN n.last_state ELSE u.last_state END
      FROM (SELECT n.last_attempt IS NOT NULL AND (u.last_attempt IS NULL
        OR (n.last_attempt_at, n.last_attempt) > (u.last_attempt_at, u.last_attempt))) AS q(later))
  FROM n
  WHERE u.district = %(district)s AND u.operation = %(operation)s AND u.subject = n.subject AND NOT u.amended
    -- names the keys once more, so that a table without statistics is read by them and not as a whole
    AND u.subject = ANY(%(subjects)s::uuid[])
  RETURNING u.operation, u.subject, u.path, u.area, old.state AS state_was, u.state AS state_now, old.alert AS alert_was, u.alert,
    u.last_state, u.last_attempt_at, u.last_attempt, u.excused_until
),
delta AS (
  SELECT operation, area, state, sum(d)::integer AS d FROM (
    SELECT operation, area, state_was AS state, -1 AS d FROM changed WHERE state_was <> state_now
    UNION ALL SELECT operation, area, state_now, 1 FROM changed WHERE state_was <> state_now
    UNION ALL SELECT operation, area, 20, 1 FROM changed WHERE alert AND NOT alert_was
  ) s GROUP BY operation, area, state HAVING sum(d) <> 0 ORDER BY operation, area, state
),
counted AS (
  INSERT INTO coverage_counter AS c (district, operation, area, state, n)
  SELECT %(district)s, operation, area, state, d FROM delta
  ON CONFLICT (district, operation, area, state) DO UPDATE SET n = c.n + excluded.n
)
SELECT operation, subject, path, area, state_now, last_state, last_attempt_at, last_attempt, excused_until FROM changed
WHERE last_attempt IS NOT NULL
UNION ALL SELECT %(operation)s, subject, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM n
WHERE NOT EXISTS (SELECT FROM changed c WHERE c.subject = n.subject)
