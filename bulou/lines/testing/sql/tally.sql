-- Makes these tubes what their samples and events say; one row of the result: a tube that anything is known of, where it was
-- counted before (null: nowhere) and where now, and its result before. Parameters: district, tubes. A tube stands where its
-- first sample or, without one, its first event stands; the laboratory's last word counts. Relies on testing_sample_tube,
-- testing_event_tube, testing_tube_pkey. Assumes the caller holds the tubes. Each table is read once: under row-level security
-- one row is expected of it, so that two reads would be joined in a loop over all tubes (25 s for 2,000 of them, 2026-11).
WITH f AS (
  SELECT tube, (array_agg(one ORDER BY at, id))[1] AS "first", count(DISTINCT person)::integer AS n
  FROM testing_sample AS one WHERE district = %(district)s AND tube = ANY(%(tubes)s::uuid[]) GROUP BY tube
),
e AS (
  SELECT tube, min(at) AS at, (array_agg(operation ORDER BY at, record))[1] AS operation, min(barcode) AS barcode,
    (array_agg(path ORDER BY at, record))[1] AS path,
    min(at) FILTER (WHERE kind = 'testing.sealed') AS sealed_at,
    (array_agg(n ORDER BY at DESC, record DESC) FILTER (WHERE kind = 'testing.sealed'))[1] AS n_sealed,
    min(at) FILTER (WHERE kind = 'testing.taken') AS taken_at,
    min(at) FILTER (WHERE kind = 'testing.received') AS received_at,
    max(at) FILTER (WHERE kind = 'testing.result') AS resulted_at,
    (array_agg(outcome ORDER BY at DESC, record DESC) FILTER (WHERE kind = 'testing.result'))[1] AS result,
    (array_agg(reason ORDER BY at DESC, record DESC) FILTER (WHERE kind = 'testing.result'))[1] AS reason
  FROM testing_event WHERE district = %(district)s AND tube = ANY(%(tubes)s::uuid[]) GROUP BY tube
),
made AS (
  SELECT coalesce(f.tube, e.tube) AS id, coalesce((f."first").operation, e.operation) AS operation,
    coalesce((f."first").barcode, e.barcode) AS barcode, coalesce((f."first").path, e.path) AS path,
    coalesce((f."first").site, '') AS site, coalesce((f."first").place, '') AS place, coalesce((f."first").size, 0) AS size,
    coalesce((f."first").rule, '') AS rule, coalesce((f."first").household, '') AS household, coalesce(f.n, 0) AS n,
    coalesce((f."first").at, e.at) AS first_at,
    e.sealed_at, e.n_sealed, e.taken_at, e.received_at, e.resulted_at, coalesce(e.result, '') AS result,
    coalesce(e.reason, '') AS reason,
    CASE WHEN e.result = 'lost' THEN 'lost' WHEN e.result IS NOT NULL THEN 'resulted' WHEN e.received_at IS NOT NULL THEN 'received'
      WHEN e.taken_at IS NOT NULL THEN 'taken' WHEN e.sealed_at IS NOT NULL THEN 'sealed' ELSE 'filling' END AS stage
  FROM f FULL JOIN e ON e.tube = f.tube
)
INSERT INTO testing_tube AS t (id, district, path, operation, barcode, site, place, size, rule, household, n, first_at, sealed_at,
  n_sealed, taken_at, received_at, resulted_at, result, reason, stage)
SELECT id, %(district)s, path, operation, barcode, site, place, size, rule, household, n, first_at, sealed_at,
  n_sealed, taken_at, received_at, resulted_at, result, reason, stage
FROM made ORDER BY id
ON CONFLICT (id) DO UPDATE SET path = excluded.path, site = excluded.site, place = excluded.place, size = excluded.size,
  rule = excluded.rule, household = excluded.household, n = excluded.n, first_at = excluded.first_at,
  sealed_at = excluded.sealed_at, n_sealed = excluded.n_sealed, taken_at = excluded.taken_at,
  received_at = excluded.received_at, resulted_at = excluded.resulted_at, result = excluded.result,
  reason = excluded.reason, stage = excluded.stage
RETURNING t.id, t.operation, old.path, old.site, old.first_at, old.stage, old.n, new.path, new.site, new.first_at, new.stage,
  new.n, old.result, new.result, new.resulted_at
