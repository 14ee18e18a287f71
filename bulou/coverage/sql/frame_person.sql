-- Freezes the people of the register who live in an area as the frame of a round. No rows in the result. Whoever was
-- merged into another entry is expected once, as the one who stays. Uses people_person_path.
-- Parameters: district, operation, subject_type, path, registered (boolean: leave out who was only found in the field),
-- after, on, site_types and level (not used here).
INSERT INTO coverage_unit (district, operation, subject, subject_type, path, area, building, label, sort, origin)
SELECT p.district, %(operation)s, p.id, %(subject_type)s, p.path, p.area, p.building, p.label, p.sort, 'opening'
FROM people_person p
WHERE p.district = %(district)s AND (p.path = %(path)s OR (p.path >= %(path)s || '.' AND p.path < %(path)s || '/'))
  AND p.merged_into IS NULL AND (NOT %(registered)s::boolean OR p.origin = 'office')
