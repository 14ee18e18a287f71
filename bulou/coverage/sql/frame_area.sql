-- Freezes the areas of one level on a day as the frame of a round (compounds, villages). No rows in the result.
-- Parameters: district, operation, subject_type, path, on, level, site_types (not used here).
INSERT INTO coverage_unit (district, operation, subject, subject_type, path, area, building, label, sort, origin)
SELECT a.district, %(operation)s, a.area, %(subject_type)s, a.path, a.path, '', a.name, a.path, 'opening'
FROM grid_area a
WHERE a.district = %(district)s AND (a.path = %(path)s OR (a.path >= %(path)s || '.' AND a.path < %(path)s || '/'))
  AND a.valid @> %(on)s::date AND a.level = %(level)s
