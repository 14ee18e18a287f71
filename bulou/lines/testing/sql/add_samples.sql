-- Puts samples as the fold made them; those that are not the last of their chain first, so that no person is in two open
-- tubes at any moment. One row of the result: what a sample counted as before (null: it is new) and as it counts now.
-- Parameters: district, samples (JSON). Relies on testing_sample_pkey.
INSERT INTO testing_sample AS s (id, district, path, area, operation, person, tube, barcode, outcome, of_tube, position, size,
  rule, household, site, place, at, author, counts, replaced)
SELECT record, %(district)s, path, area, operation, person, tube, barcode, outcome, of_tube, position, size,
  rule, household, site, "table", at, author, counts, replaced
FROM json_to_recordset(%(samples)s::json) AS r(record uuid, operation uuid, person uuid, path text, area text, tube uuid,
  barcode text, outcome text, of_tube uuid, position integer, size integer, rule text, household text, site text, "table" text,
  at timestamptz, author uuid, counts boolean, replaced boolean)
ORDER BY counts AND NOT replaced, record
ON CONFLICT (id) DO UPDATE SET path = excluded.path, area = excluded.area, tube = excluded.tube, barcode = excluded.barcode,
  household = excluded.household, at = excluded.at, counts = excluded.counts, replaced = excluded.replaced
RETURNING s.operation, s.area, s.site, s.at, s.outcome, old.counts, new.counts, s.tube, old.area, old.at
