-- Keeps the revisits in step with the units of a batch: one per unit that was tried and not met, none otherwise.
-- No rows in the result. Parameters: JSON array of moved units with their due time, district, operations and subjects (theirs). Relies on the primary key.
WITH n AS MATERIALIZED (
  SELECT * FROM json_to_recordset(%(moved)s::json) AS r(operation uuid, subject uuid, path text, area text, owed boolean,
    why smallint, due_at timestamptz, last_attempt uuid)
),
gone AS (
  DELETE FROM tasks_revisit t USING n
  WHERE t.district = %(district)s AND t.operation = n.operation AND t.subject = n.subject AND NOT n.owed
    AND t.operation = ANY(%(operations)s) AND t.subject = ANY(%(subjects)s)
)
INSERT INTO tasks_revisit AS t (district, operation, subject, path, area, why, due_at, after_record)
SELECT %(district)s, operation, subject, path, area, why, due_at, last_attempt FROM n WHERE owed
ORDER BY operation, subject
ON CONFLICT (district, operation, subject) DO UPDATE
  SET path = excluded.path, area = excluded.area, why = excluded.why, due_at = excluded.due_at,
      after_record = excluded.after_record
