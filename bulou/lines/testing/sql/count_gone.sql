-- Removes counters that these differences have brought to nothing, so that a rebuild has the same rows; no row of the result.
-- Parameters: district, changes (JSON: operation, path, site, hour, what). Relies on the primary key.
DELETE FROM testing_counter c
USING json_to_recordset(%(changes)s::json) AS r(operation uuid, path text, site text, hour timestamptz, what text)
WHERE c.district = %(district)s AND c.operation = r.operation AND c.path = r.path AND c.site = r.site
  AND c.hour = r.hour AND c.what = r.what AND c.n = 0
