-- The rows that say something new: sites not known, and sites known with other attributes. Parameters: district.
CREATE TEMP TABLE grid_diff ON COMMIT DROP AS
SELECT s."row", s.place, s.kind, s.name, s.attributes, s.since, d.id AS known
  FROM grid_stage s
  JOIN grid_place p USING (place)
  LEFT JOIN grid_site d
    ON d.district = %(district)s AND d.path = p.path AND d.type = s.kind AND d.name = s.name
   AND d.valid_until IS NULL
 WHERE d.id IS NULL OR NOT d.attributes @> s.attributes
