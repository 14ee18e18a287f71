-- Freezes the doors that stand in an area on a day as the frame of a round. No rows in the result.
-- Parameters: district, operation, subject_type, path, on, site_types and level (not used here).
INSERT INTO coverage_unit (district, operation, subject, subject_type, path, area, building, label, sort, origin)
SELECT d.district, %(operation)s, d.id, %(subject_type)s, d.path, d.area, d.building,
  CASE WHEN d.building = '' THEN d.door ELSE d.building || ' ' || d.door END, d.sort, 'opening'
FROM grid_dwelling d
WHERE d.district = %(district)s AND (d.path = %(path)s OR (d.path >= %(path)s || '.' AND d.path < %(path)s || '/'))
  AND d.valid_from <= %(on)s::date AND (d.valid_until IS NULL OR d.valid_until > %(on)s::date)
