-- The state of units of one round, folded from the ledger alone; one row of the result: a unit that has counted records.
-- Parameters: district, operation, subjects (uuid[] or null for all), received_until, effective_until (timestamptz,
-- 'infinity' for no bound), and the protocol's outcomes as parallel arrays: keys, ranks, states,
-- alerts, expires (seconds). Used by refold, replay --check, verify, accounts of past moments and daily reports.
-- Relies on ledger_record_subject. Units removed, excused or moved by the office carry their kind as outcome.
WITH r AS MATERIALIZED (
  SELECT id, kind, subject, outcome, payload, effective_at, author, team, device, corrects, withdraws, accepts, standing, problems
  FROM ledger_record
  WHERE district = %(district)s AND operation = %(operation)s
    AND (%(subjects)s::uuid[] IS NULL OR subject = ANY(%(subjects)s::uuid[]))
    AND received_at <= %(received_until)s::timestamptz AND effective_at <= %(effective_until)s::timestamptz
),
verdict AS (
  SELECT accepts AS id, bool_or(kind = 'record.accepted') AS yes, bool_or(kind = 'record.rejected') AS no
  FROM r WHERE accepts IS NOT NULL GROUP BY accepts
),
speaking AS (
  SELECT r.*, v.yes FROM r LEFT JOIN verdict v ON v.id = r.id
  WHERE v.no IS NOT TRUE AND (r.standing = 'kept' OR v.yes OR r.problems <@ ARRAY['coverage.not_in_frame'])
),
gone AS (
  -- by its author, by the office, or accepted by an officer
  SELECT DISTINCT t.id FROM speaking c JOIN r t ON t.id = coalesce(c.corrects, c.withdraws)
  WHERE c.author = t.author OR c.device IS NULL OR c.yes
),
m AS (
  SELECT * FROM unnest(%(keys)s::text[], %(ranks)s::smallint[], %(states)s::smallint[], %(alerts)s::boolean[],
    %(expires)s::integer[]) AS m(key, rank, state, alert, expires)
),
counted AS (
  SELECT s.subject, s.id, s.effective_at, s.author, s.team, m.key, m.rank, m.state, m.alert,
    CASE WHEN m.rank <> 3 THEN NULL
      WHEN s.kind = 'unit.excused' AND pg_input_is_valid(s.payload->>'until', 'timestamptz')
        THEN (s.payload->>'until')::timestamptz
      ELSE s.effective_at + m.expires * interval '1 second' END AS excused_until
  FROM speaking s
  JOIN m ON m.key = CASE WHEN s.kind IN ('unit.excused', 'unit.removed', 'unit.moved') THEN s.kind ELSE s.outcome END
  LEFT JOIN gone g ON g.id = s.id
  WHERE g.id IS NULL AND s.withdraws IS NULL AND s.accepts IS NULL
),
best AS (
  SELECT DISTINCT ON (subject) * FROM counted ORDER BY subject, rank DESC, effective_at DESC, id DESC
),
tried AS (
  SELECT DISTINCT ON (subject) subject, effective_at AS last_attempt_at, id AS last_attempt, state AS last_state,
    count(*) OVER (PARTITION BY subject) AS attempts
  FROM counted WHERE rank = 1 ORDER BY subject, effective_at DESC, id DESC
),
alerted AS (SELECT DISTINCT subject FROM counted WHERE alert)
SELECT b.subject, b.rank, b.state, b.key AS outcome, a.subject IS NOT NULL AS alert, b.effective_at, b.id AS record,
  b.excused_until, b.author, b.team, coalesce(t.attempts, 0)::smallint AS attempts, t.last_attempt_at, t.last_attempt,
  coalesce(t.last_state, 0)::smallint AS last_state
FROM best b LEFT JOIN tried t USING (subject) LEFT JOIN alerted a USING (subject)
