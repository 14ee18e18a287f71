-- The bare idempotent import of the staged rows. Key: path and door of the open rows.
INSERT INTO bench_dwelling (id, district, path, area, building, floor, door, sort, kind, needs_help, origin,
  import_id, valid_from)
SELECT uuidv7(), '990102', path, area, building, floor, door, sort, kind, needs, 'import', NULL, '2026-01-01'
FROM bench_stage ON CONFLICT (district, path, door) WHERE valid_until IS NULL DO NOTHING
