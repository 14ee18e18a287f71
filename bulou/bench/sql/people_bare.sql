-- The bare statement that the frame of people is held against: the same columns of the same people into one plain table with
-- its key, without partitions, missed list, counters or seal. No rows in the result. Parameters: d (district).
INSERT INTO bench_frame (district, operation, subject, subject_type, path, area, building, label, sort, origin)
SELECT district, '00000000-0000-7000-8000-000000000001', id, 'person', path, area, building, label, sort, 'opening'
FROM people_person WHERE district = %(d)s
