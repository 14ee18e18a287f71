-- Homes that stand in an area on a day, by compound and building, and those of them with somebody to be sampled at
-- home; rows: area, building, homes, homes with such a need. Relies on grid_dwelling_door and people_person_needs.
-- Parameters: district, path, low and high (the paths below it), on, needs (text[]), isolated (uuid[], doors).
SELECT d.area, d.building, count(*),
  count(*) FILTER (WHERE d.needs_help && %(needs)s::text[] OR d.id = ANY(%(isolated)s::uuid[]) OR d.id IN (
    SELECT p.door FROM people_person p
    WHERE p.district = %(district)s AND (p.path = %(path)s OR (p.path >= %(low)s AND p.path < %(high)s))
      AND p.needs <> '{}' AND p.needs && %(needs)s::text[] AND p.door IS NOT NULL AND p.merged_into IS NULL))
FROM grid_dwelling d
WHERE d.district = %(district)s AND (d.path = %(path)s OR (d.path >= %(low)s AND d.path < %(high)s))
  AND d.valid_from <= %(on)s::date AND (d.valid_until IS NULL OR d.valid_until > %(on)s::date)
GROUP BY d.area, d.building
