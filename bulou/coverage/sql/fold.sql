-- The state of units of one round, folded from the ledger alone; one row of the result: a unit that has counted records.
-- Parameters: district, operation, subjects (uuid[] or null for all), received_until, effective_until (timestamptz,
-- 'infinity' for no bound), kinds (record kinds that settle units), contextual (doubts that do not silence a record), unsaid
-- (the doubt that sets an alert),
-- and the protocol's outcomes as parallel arrays: keys, ranks, states, alerts, expires (seconds).
-- Used by refold, replay --check, accounts of past moments and daily reports. Relies on ledger_record_subject.
-- The same as ledger.rules.live and coverage.rules.fold; units removed, excused or moved by the office carry their kind
-- as outcome. effective_until bounds what happened; what was said about it (corrections, withdrawals, reviews) is bounded
-- by received_until alone, and a correction stands at the time of what it corrects.
WITH RECURSIVE r AS MATERIALIZED (
  SELECT id, kind, subject, outcome, payload, effective_at, author, team, device, corrects, withdraws, accepts, standing, problems
  FROM ledger_record
  WHERE district = %(district)s AND operation = %(operation)s
    AND (%(subjects)s::uuid[] IS NULL OR subject = ANY(%(subjects)s::uuid[]))
    AND received_at <= %(received_until)s::timestamptz
),
verdict AS (
  SELECT accepts AS id, bool_or(kind = 'record.accepted') AS yes, bool_or(kind = 'record.rejected') AS no
  FROM r WHERE accepts IS NOT NULL GROUP BY accepts
),
saying AS (
  SELECT r.*, v.yes FROM r LEFT JOIN verdict v ON v.id = r.id
  WHERE v.no IS NOT TRUE AND (r.standing = 'kept' OR v.yes OR r.problems <@ %(contextual)s::text[])
),
word AS (
  -- what speaks about another record, and whether it may: by its author, from a desk, or accepted by an officer
  SELECT c.id, t.id AS target, c.author = t.author OR c.device IS NULL OR c.yes IS TRUE AS may
  FROM saying c JOIN r t ON t.id = coalesce(c.corrects, c.withdraws) AND t.id <> c.id AND t.subject = c.subject
  WHERE c.corrects IS NOT NULL OR c.withdraws IS NOT NULL
),
chain AS (
  SELECT c.id, t.id AS up, t.effective_at, 1 AS step
  FROM r c JOIN r t ON t.id = c.corrects AND t.id <> c.id AND t.subject = c.subject WHERE c.corrects IS NOT NULL
  UNION ALL
  SELECT k.id, t.id, t.effective_at, k.step + 1
  FROM chain k JOIN r c ON c.id = k.up JOIN r t ON t.id = c.corrects AND t.id <> k.id AND t.subject = c.subject
  WHERE k.step < 50
),
origin AS (SELECT DISTINCT ON (id) id, effective_at FROM chain ORDER BY id, step DESC),
speaking AS (
  SELECT s.id, s.kind, s.subject, s.outcome, s.payload, s.author, s.team,
    %(unsaid)s = ANY(s.problems) AS unsaid, coalesce(o.effective_at, s.effective_at) AS effective_at
  FROM saying s LEFT JOIN origin o ON o.id = s.id
  WHERE s.withdraws IS NULL AND s.accepts IS NULL
    AND NOT EXISTS (SELECT FROM word w WHERE w.id = s.id AND NOT w.may)
    AND NOT EXISTS (SELECT FROM word w WHERE w.target = s.id AND w.may)
),
m AS (
  SELECT * FROM unnest(%(keys)s::text[], %(ranks)s::smallint[], %(states)s::smallint[], %(alerts)s::boolean[],
    %(expires)s::integer[]) AS m(key, rank, state, alert, expires)
),
counted AS (
  SELECT s.subject, s.id, s.effective_at, s.author, s.team, m.key, m.rank, m.state, m.alert OR s.unsaid AS alert,
    CASE WHEN m.rank <> 3 THEN NULL
      WHEN s.kind = 'unit.excused' AND s.payload->>'until' ~ %(instant)s AND pg_input_is_valid(s.payload->>'until', 'timestamptz')
        THEN (s.payload->>'until')::timestamptz
      ELSE s.effective_at + m.expires * interval '1 second' END AS excused_until
  FROM speaking s
  JOIN m ON m.key = CASE WHEN s.kind IN ('unit.excused', 'unit.removed', 'unit.moved') THEN s.kind
    WHEN s.kind = ANY(%(kinds)s::text[]) THEN s.outcome END
  WHERE s.effective_at <= %(effective_until)s::timestamptz
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
