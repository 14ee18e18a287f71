-- One row: how many doors of one area have the name of a door of another, and one such name.
-- Parameters: district, path, to. Index: grid_dwelling_door.
SELECT count(*), min(a.door)
  FROM grid_dwelling a
  JOIN grid_dwelling b ON b.district = a.district AND b.path = %(to)s AND b.door = a.door AND b.valid_until IS NULL
 WHERE a.district = %(district)s AND a.path = %(path)s AND a.valid_until IS NULL
