-- People to be sampled at home of whom no door is known; the one row: how many. Relies on people_person_needs.
-- Parameters: district, path, low and high (the paths below it), needs (text[]).
SELECT count(*) FROM people_person p
WHERE p.district = %(district)s AND (p.path = %(path)s OR (p.path >= %(low)s AND p.path < %(high)s))
  AND p.needs <> '{}' AND p.needs && %(needs)s::text[] AND p.door IS NULL AND p.merged_into IS NULL
