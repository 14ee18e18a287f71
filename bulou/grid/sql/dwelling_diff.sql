-- The rows that say something new: doors not known, and doors known with other particulars.
-- Parameters: district. One hash join over the open doors of the district; 1,000,000 against 1,000,000:
-- see bench/imports.py.
CREATE TEMP TABLE grid_diff ON COMMIT DROP AS
SELECT s."row", s.place, s.floor, s.door, s.sort, s.kind, s.needs, s.since, d.id AS known
  FROM grid_stage s
  JOIN grid_place p USING (place)
  LEFT JOIN grid_dwelling d
    ON d.district = %(district)s AND d.path = p.path AND d.door = s.door AND d.valid_until IS NULL
 WHERE d.id IS NULL
    OR (d.floor, d.kind, d.needs_help, d.building) IS DISTINCT FROM (s.floor, s.kind, s.needs, p.building)
