-- Carries differences into the counters; no row of the result. Parameters: district, changes (JSON: operation, path, site,
-- hour, what, n). Relies on the primary key. Rows in the order of the key, so that two transactions never wait in a ring.
INSERT INTO testing_counter AS c (district, operation, path, site, hour, what, n)
SELECT %(district)s, operation, path, site, hour, what, n
FROM json_to_recordset(%(changes)s::json) AS r(operation uuid, path text, site text, hour timestamptz, what text, n integer)
ORDER BY operation, path COLLATE "C", site, hour, what COLLATE "C"
ON CONFLICT (district, operation, path, site, hour, what) DO UPDATE SET n = c.n + excluded.n
