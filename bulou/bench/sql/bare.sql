-- The limit of intake: the same rows in one bare, idempotent statement. No rows in the result.
-- Parameter 1: a JSON array of records.
WITH r AS (
  INSERT INTO bench_record (id, district, path, kind, operation, subject_type, subject, slot, outcome, payload,
    observed_at, effective_at, author, protocol, received_at, standing, problems, digest)
  SELECT id, '990101', path, kind, operation, 'dwelling', subject, '', outcome, payload, observed_at, observed_at,
    operation, protocol, now(), 'kept', '{}', ''
  FROM jsonb_to_recordset(%s::jsonb) AS r(id uuid, path text, kind text, operation uuid, subject uuid, outcome text,
    payload jsonb, observed_at timestamptz, protocol text)
  ON CONFLICT (id) DO NOTHING RETURNING operation, path
)
INSERT INTO bench_counter AS c SELECT operation, path, 7, count(*) FROM r GROUP BY operation, path ORDER BY path
ON CONFLICT (operation, area, state) DO UPDATE SET n = c.n + excluded.n
