-- Appends records; one row of the result: how many were new, and where that is not all of them, which.
-- Parameters: rows = JSON array (see ledger.actions), n of them. Relies on the primary key of each partition.
-- Rows come sorted by id, so that two batches with the same records cannot deadlock.
WITH stored AS (
  INSERT INTO ledger_record (id, district, path, kind, operation, subject_type, subject, slot, outcome, payload,
    observed_at, clock_offset_ms, effective_at, device, device_seq, author, team, protocol, based_on,
    corrects, withdraws, accepts, received_at, standing, problems, digest)
  SELECT id, district, path, kind, operation, subject_type, subject, slot, outcome, payload,
    observed_at, clock_offset_ms, effective_at, device, device_seq, author, team, protocol, based_on,
    corrects, withdraws, accepts, received_at, standing, problems, digest
  FROM json_to_recordset(%(rows)s::json) AS r(id uuid, district text, path text, kind text, operation uuid,
    subject_type text, subject uuid, slot text, outcome text, payload json, observed_at timestamptz,
    clock_offset_ms bigint, effective_at timestamptz, device uuid, device_seq bigint, author uuid, team text,
    protocol text, based_on uuid, corrects uuid, withdraws uuid, accepts uuid, received_at timestamptz,
    standing text, problems text[], digest bytea)
  ON CONFLICT (id) DO NOTHING
  RETURNING id
)
SELECT count(*), CASE WHEN count(*) < %(n)s THEN coalesce(array_agg(id), '{}') END FROM stored
