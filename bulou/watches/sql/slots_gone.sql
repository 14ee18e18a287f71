-- Takes away slots of these watches that the fold no longer has. Parameters: district, watches (uuid[]), rows (JSON).
DELETE FROM watches_slot s WHERE s.district = %(district)s AND s.watch = ANY(%(watches)s::uuid[])
  AND NOT EXISTS (
    SELECT FROM json_to_recordset(%(rows)s::json) AS r(watch uuid, track text, due_at timestamptz)
    WHERE r.watch = s.watch AND r.track = s.track AND r.due_at = s.due_at)
