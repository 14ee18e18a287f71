-- People of the register by compound and building, each once; rows: area, building, persons.
-- Parameters: district, path, low and high (the paths below it). Relies on people_person_path.
SELECT p.area, p.building, count(*) FROM people_person p
WHERE p.district = %(district)s AND (p.path = %(path)s OR (p.path >= %(low)s AND p.path < %(high)s))
  AND p.merged_into IS NULL
GROUP BY p.area, p.building
