-- Gives units of a round to a person or a team from a moment on; no rows in the result.
-- Parameters: district, operation, account (uuid or null), team, since, by, reason, and as parallel arrays: ids, subjects,
-- paths. Relies on tasks_assignment_one: a unit that still has a holder is refused by the database.
INSERT INTO tasks_assignment (id, district, operation, subject, path, account, team, valid, by, reason)
SELECT u.id, %(district)s, %(operation)s, u.subject, u.path, %(account)s, %(team)s, tstzrange(%(since)s, NULL), %(by)s, %(reason)s
FROM unnest(%(ids)s::uuid[], %(subjects)s::uuid[], %(paths)s::text[]) AS u(id, subject, path)
