-- Ends sites at or below a path on a day and opens them again under another path; each new one names the one
-- it follows. Parameters: as carry_dwellings. Index: grid_site_name.
WITH mine AS (
  SELECT id, valid_from >= %(on)s::date AS young,
         %(to)s || substr(path, length(%(path)s) + 1) AS new_path,
         CASE WHEN %(is_leaf)s THEN %(leaf)s ELSE %(to)s || substr(area, length(%(path)s) + 1) END AS new_area
    FROM grid_site
   WHERE district = %(district)s AND valid_until IS NULL
     AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
), young AS (
  UPDATE grid_site d SET path = m.new_path, area = m.new_area
    FROM mine m WHERE d.district = %(district)s AND d.id = m.id AND m.young
), ended AS (
  UPDATE grid_site d SET valid_until = %(on)s::date
    FROM mine m WHERE d.district = %(district)s AND d.id = m.id AND NOT m.young
  RETURNING d.*, m.new_path, m.new_area
)
INSERT INTO grid_site (id, district, path, area, type, name, attributes, origin, import_id, follows, valid_from)
SELECT uuidv7(), district, new_path, new_area, type, name, attributes, origin, import_id, id, %(on)s::date
  FROM ended
