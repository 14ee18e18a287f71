-- Freezes the sites of some classes in an area on a day as the frame of a round. No rows in the result.
-- Parameters: district, operation, subject_type, path, on, site_types (text[], empty = all), level (not used here).
INSERT INTO coverage_unit (district, operation, subject, subject_type, path, area, building, label, sort, origin)
SELECT s.district, %(operation)s, s.id, %(subject_type)s, s.path, s.area, '', s.name, s.type || ' ' || s.name, 'opening'
FROM grid_site s
WHERE s.district = %(district)s AND (s.path = %(path)s OR (s.path >= %(path)s || '.' AND s.path < %(path)s || '/'))
  AND s.valid_from <= %(on)s::date AND (s.valid_until IS NULL OR s.valid_until > %(on)s::date)
  AND (cardinality(%(site_types)s::text[]) = 0 OR s.type = ANY(%(site_types)s::text[]))
