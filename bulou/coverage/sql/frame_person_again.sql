-- Freezes the frame of an earlier round, as it was corrected since, as the frame of a new one: with everybody who was
-- found or added, without whoever was removed or taken over elsewhere; people stand where they live now. No rows in the
-- result. Uses coverage_unit_pk of the earlier round.
-- Parameters: district, operation, subject_type, path, after (the earlier round), registered, on, site_types and level (not used).
INSERT INTO coverage_unit (district, operation, subject, subject_type, path, area, building, label, sort, origin)
SELECT p.district, %(operation)s, p.id, %(subject_type)s, p.path, p.area, p.building,
  CASE WHEN p.label = '' THEN u.label ELSE p.label END, p.sort, 'opening'
FROM coverage_unit u JOIN people_person p ON p.district = u.district AND p.id = u.subject
WHERE u.district = %(district)s AND u.operation = %(after)s AND u.state NOT IN (6, 8)
  AND (p.path = %(path)s OR (p.path >= %(path)s || '.' AND p.path < %(path)s || '/'))
  AND p.merged_into IS NULL
