-- Who lies in these tubes, and in which tube these people's last counting sample of a round lies; one row of the result: a
-- sample in force. Parameters: district, tubes, operations, persons (same order).
-- Relies on testing_sample_tube and testing_sample_person.
SELECT id, operation, person, tube, rule, size, position, household, counts AND NOT replaced AS last, at
FROM testing_sample WHERE district = %(district)s AND tube = ANY(%(tubes)s::uuid[])
UNION
SELECT s.id, s.operation, s.person, s.tube, s.rule, s.size, s.position, s.household, s.counts AND NOT s.replaced, s.at
FROM unnest(%(operations)s::uuid[], %(persons)s::uuid[]) AS w (operation, person)
JOIN testing_sample s ON s.district = %(district)s AND s.operation = w.operation AND s.person = w.person
ORDER BY at, id
