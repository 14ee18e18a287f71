-- Doors of an area on a day with somebody to be sampled at home, with the coordinates of a place of their compound
-- where one has them; rows: id, area, building, door, sort, needs, longitude, latitude.
-- Parameters: district, path, low and high (the paths below it), on, needs (text[]), isolated (uuid[], doors), most.
-- The needs are those of the door and of the people whom the register knows there.
-- Relies on grid_dwelling_door and people_person_needs.
SELECT d.id, d.area, d.building, d.door, d.sort, d.needs_help || coalesce(w.needs, '{}'), s.lon, s.lat FROM grid_dwelling d
LEFT JOIN (
  SELECT p.door, array_agg(n.need) AS needs FROM people_person p CROSS JOIN unnest(p.needs) AS n (need)
  WHERE p.district = %(district)s AND (p.path = %(path)s OR (p.path >= %(low)s AND p.path < %(high)s))
    AND p.needs <> '{}' AND p.needs && %(needs)s::text[] AND p.door IS NOT NULL AND p.merged_into IS NULL
  GROUP BY p.door
) w ON w.door = d.id
LEFT JOIN LATERAL (
  SELECT (g.attributes ->> 'lon')::float8 AS lon, (g.attributes ->> 'lat')::float8 AS lat FROM grid_site g
  WHERE g.district = d.district AND g.area = d.area AND g.valid_until IS NULL
    AND jsonb_typeof(g.attributes -> 'lon') = 'number' AND jsonb_typeof(g.attributes -> 'lat') = 'number'
  ORDER BY g.type <> 'compound_grounds', g.id LIMIT 1
) s ON true
WHERE d.district = %(district)s AND (d.path = %(path)s OR (d.path >= %(low)s AND d.path < %(high)s))
  AND d.valid_from <= %(on)s::date AND (d.valid_until IS NULL OR d.valid_until > %(on)s::date)
  AND (d.needs_help && %(needs)s::text[] OR d.id = ANY(%(isolated)s::uuid[]) OR w.door IS NOT NULL)
ORDER BY d.area, d.sort, d.id LIMIT %(most)s
