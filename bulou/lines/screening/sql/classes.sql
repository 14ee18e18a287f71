-- The class of each person of a district by the rule given: a row for each person, with the rank 0, 1 or 2.
-- Parameters: district, people (null: all), clauses (JSON: rank, words, codes, from_on, contact).
-- Equal to rules.register.classify. One pass over screening_person of the district, or by primary key.
SELECT p.id, coalesce(max(c.rank), 0) AS rank
FROM screening_person AS p
LEFT JOIN LATERAL (
  SELECT c.rank
  FROM jsonb_to_recordset(%(clauses)s::jsonb) AS c (rank int, words text[], codes text[], from_on date, contact boolean)
  WHERE (c.contact AND p.contact = 'yes') OR EXISTS (
    SELECT FROM jsonb_to_recordset(p.stays) AS s (spelled text, code text, left_on date)
    WHERE (c.from_on IS NULL OR coalesce(s.left_on, p.arrived_on, c.from_on) >= c.from_on)
      AND (s.code ^@ ANY (c.codes) OR EXISTS (SELECT FROM unnest(c.words) AS w (word) WHERE strpos(s.spelled, w.word) > 0))
  )
) AS c ON true
WHERE p.district = %(district)s AND (%(people)s::uuid[] IS NULL OR p.id = ANY (%(people)s::uuid[]))
GROUP BY p.id
