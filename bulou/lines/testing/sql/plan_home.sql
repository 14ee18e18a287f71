-- Doors of an area on a day with somebody to be sampled at home, with the coordinates of a place of their compound
-- where one has them; rows: id, area, building, door, sort, needs, longitude, latitude.
-- Parameters: district, path, low and high (the paths below it), on, needs (text[]), isolated (uuid[], doors), most.
-- Relies on grid_dwelling_door.
SELECT d.id, d.area, d.building, d.door, d.sort, d.needs_help, s.lon, s.lat FROM grid_dwelling d
LEFT JOIN LATERAL (
  SELECT (g.attributes ->> 'lon')::float8 AS lon, (g.attributes ->> 'lat')::float8 AS lat FROM grid_site g
  WHERE g.district = d.district AND g.area = d.area AND g.valid_until IS NULL
    AND jsonb_typeof(g.attributes -> 'lon') = 'number' AND jsonb_typeof(g.attributes -> 'lat') = 'number'
  ORDER BY g.type <> 'compound_grounds', g.id LIMIT 1
) s ON true
WHERE d.district = %(district)s AND (d.path = %(path)s OR (d.path >= %(low)s AND d.path < %(high)s))
  AND d.valid_from <= %(on)s::date AND (d.valid_until IS NULL OR d.valid_until > %(on)s::date)
  AND (d.needs_help && %(needs)s::text[] OR d.id = ANY(%(isolated)s::uuid[]))
ORDER BY d.area, d.sort, d.id LIMIT %(most)s
