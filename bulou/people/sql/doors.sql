-- Says at which door people live, where the register of doors knows it in the area where they are; else the door in the
-- words of the file. No rows in the result. Parameters: district, people, doors (same order, as written on sheets), sorts.
-- Uses people_person_pkey and grid_dwelling_door.
UPDATE people_person AS p SET door = f.door, building = f.building, label = f.label, sort = f.sort, area = f.area
FROM (
  SELECT q.id, d.id AS door, coalesce(d.building, '') AS building, coalesce(d.area, q.area) AS area,
    btrim(coalesce(d.building, '') || ' ' || w.door) AS label, coalesce(d.sort, w.sort) AS sort
  FROM unnest(%(people)s::uuid[], %(doors)s::text[], %(sorts)s::text[]) AS w (person, door, sort)
  JOIN people_person q ON q.district = %(district)s AND q.id = w.person
  LEFT JOIN grid_dwelling d ON d.district = q.district AND d.path = q.path AND d.door = w.door AND d.valid_until IS NULL
) AS f
WHERE p.district = %(district)s AND p.id = f.id AND (p.door, p.label, p.sort, p.area) IS DISTINCT FROM (f.door, f.label, f.sort, f.area)
