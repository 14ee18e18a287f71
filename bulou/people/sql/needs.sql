-- Says why people are visited at home, as the file and their year of birth tell it. No rows in the result.
-- Parameters: district, people, needs (same order, each a JSON list). Uses people_person_pkey.
UPDATE people_person AS p SET needs = f.needs
FROM (
  SELECT w.person, ARRAY(SELECT jsonb_array_elements_text(w.needs::jsonb) ORDER BY 1) AS needs
  FROM unnest(%(people)s::uuid[], %(needs)s::text[]) AS w (person, needs)
) AS f
WHERE p.district = %(district)s AND p.id = f.person AND p.needs IS DISTINCT FROM f.needs
