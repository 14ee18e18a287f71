-- Homes that stand in an area on a day, by compound and building, and those of them with somebody to be sampled at
-- home; rows: area, building, homes, homes with such a need. Relies on grid_dwelling_door.
-- Parameters: district, path, low and high (the paths below it), on, needs (text[]), isolated (uuid[], doors).
SELECT d.area, d.building, count(*),
  count(*) FILTER (WHERE d.needs_help && %(needs)s::text[] OR d.id = ANY(%(isolated)s::uuid[]))
FROM grid_dwelling d
WHERE d.district = %(district)s AND (d.path = %(path)s OR (d.path >= %(low)s AND d.path < %(high)s))
  AND d.valid_from <= %(on)s::date AND (d.valid_until IS NULL OR d.valid_until > %(on)s::date)
GROUP BY d.area, d.building
