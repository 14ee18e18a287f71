-- Appends records; one row of the result: how many were new, and where that is not all of them, which.
-- Parameters: rows = JSON array, n of them, and heads = JSON array of what they have in common (see ledger.actions).
-- What a row does not name is as in nearly every record. Relies on the primary key of each partition.
-- Inserted in the order of their ids, so that two batches with the same records cannot deadlock; of two rows with one
-- id the first is kept, which is the one that is projected.
WITH stored AS (
  INSERT INTO ledger_record (id, district, path, kind, operation, subject_type, subject, slot, outcome, payload,
    observed_at, clock_offset_ms, effective_at, device, device_seq, author, team, protocol, based_on,
    corrects, withdraws, accepts, received_at, standing, problems, digest)
  SELECT r.id, h.district, r.path, h.kind, h.operation, h.subject_type, r.subject, coalesce(r.slot, ''),
    coalesce(r.outcome, ''), r.payload, r.observed_at, h.clock_offset_ms, r.effective_at, h.device, r.device_seq,
    h.author, h.team, h.protocol, r.based_on, r.corrects, r.withdraws, r.accepts, h.received_at,
    coalesce(r.standing, 'kept'), coalesce(r.problems, '{}'), r.digest
  FROM ROWS FROM (json_to_recordset(%(rows)s::json) AS (id uuid, head integer, path text, subject uuid, slot text,
    outcome text, payload json, observed_at timestamptz, effective_at timestamptz, device_seq bigint, based_on uuid,
    corrects uuid, withdraws uuid, accepts uuid, standing text, problems text[], digest bytea)) WITH ORDINALITY AS r
  JOIN json_to_recordset(%(heads)s::json) AS h(head integer, district text, kind text, operation uuid,
    subject_type text, clock_offset_ms bigint, device uuid, author uuid, team text, protocol text,
    received_at timestamptz) USING (head)
  ORDER BY r.id, r.ordinality
  ON CONFLICT (id) DO NOTHING
  RETURNING id
)
SELECT count(*), CASE WHEN count(*) < %(n)s THEN coalesce(array_agg(id), '{}') END FROM stored
