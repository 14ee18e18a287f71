-- Ends assignments below a path and gives each unit back to whoever had it until then; one row of the result: an assignment
-- that was ended. One made and undone in the same instant stays in history for a microsecond, so that it is not lost.
-- Parameters: at, district, ids, below (path with a dot), by. Relies on the primary key and tasks_assignment_one.
WITH undone AS (
  UPDATE tasks_assignment SET valid = tstzrange(lower(valid), greatest(%(at)s, lower(valid) + interval '1 us'))
  WHERE district = %(district)s AND id = ANY(%(ids)s) AND upper_inf(valid) AND starts_with(path || '.', %(below)s)
  RETURNING id, district, operation, subject, path, valid
),
given_back AS (
  INSERT INTO tasks_assignment (id, district, operation, subject, path, account, team, valid, by, reason)
  SELECT uuidv7(), p.district, p.operation, p.subject, u.path, p.account, p.team, tstzrange(upper(u.valid), NULL), %(by)s, p.reason
  FROM undone u JOIN tasks_assignment p ON p.district = u.district AND p.operation = u.operation AND p.subject = u.subject
    AND upper(p.valid) = lower(u.valid)
)
SELECT id FROM undone
