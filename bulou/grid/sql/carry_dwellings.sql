-- Ends doors at or below a path on a day and opens them again under another path; each new one names the one
-- it follows. Doors that would have begun on that day or later only change their path.
-- Parameters: district, path, below, past, on (date), to (new path), leaf (path where they are counted),
-- is_leaf (true: all are counted at `leaf`; false: the counted path moves along with the rest).
-- Index: grid_dwelling_door.
WITH mine AS (
  SELECT id, valid_from >= %(on)s::date AS young,
         %(to)s || substr(path, length(%(path)s) + 1) AS new_path,
         CASE WHEN %(is_leaf)s THEN %(leaf)s ELSE %(to)s || substr(area, length(%(path)s) + 1) END AS new_area
    FROM grid_dwelling
   WHERE district = %(district)s AND valid_until IS NULL
     AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
), young AS (
  UPDATE grid_dwelling d SET path = m.new_path, area = m.new_area
    FROM mine m WHERE d.district = %(district)s AND d.id = m.id AND m.young
), ended AS (
  UPDATE grid_dwelling d SET valid_until = %(on)s::date
    FROM mine m WHERE d.district = %(district)s AND d.id = m.id AND NOT m.young
  RETURNING d.*, m.new_path, m.new_area
)
INSERT INTO grid_dwelling (id, district, path, area, building, floor, door, sort, kind, needs_help, origin,
                           import_id, follows, valid_from)
SELECT uuidv7(), district, new_path, new_area, building, floor, door, sort, kind, needs_help, origin, import_id,
       id, %(on)s::date
  FROM ended
