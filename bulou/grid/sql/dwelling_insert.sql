-- Adds the doors that are not known. Parameters: district, import, on. Key: grid_dwelling_door.
INSERT INTO grid_dwelling (id, district, path, area, building, floor, door, sort, kind, needs_help, origin,
                           import_id, valid_from)
SELECT uuidv7(), %(district)s, p.path, p.area, p.building, f.floor, f.door, f.sort, f.kind, f.needs, 'import',
       %(import)s, coalesce(f.since, %(on)s)
  FROM grid_diff f
  JOIN grid_place p USING (place)
 WHERE f.known IS NULL
    ON CONFLICT (district, path, door) WHERE valid_until IS NULL DO NOTHING
