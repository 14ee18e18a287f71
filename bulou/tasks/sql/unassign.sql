-- Ends assignments below a path; no rows in the result. An assignment made and undone in the same instant stays in
-- history for a microsecond, so that it is not lost. Parameters: at, district, ids, below (path with a dot).
UPDATE tasks_assignment SET valid = tstzrange(lower(valid), greatest(%(at)s, lower(valid) + interval '1 us'))
WHERE district = %(district)s AND id = ANY(%(ids)s) AND upper_inf(valid) AND starts_with(path || '.', %(below)s)
