-- What phones delivered last: at most `most` of the newest records of each district, those at or below the path.
-- Parameters: districts, most, scope (path prefixes with dot), path, below (the path with a dot), since (instant),
-- without (kinds that the reader may not know of).
-- Relies on ledger_record_arrival; reads `most` records per district whatever the size of the ledger.
SELECT r.id, r.path, r.standing, r.received_at
FROM unnest(%(districts)s::text[]) AS d (district)
CROSS JOIN LATERAL (
  SELECT l.id, l.path, l.standing, l.received_at, l.device, l.arrival FROM ledger_record AS l
  WHERE l.district = d.district AND l.kind <> ALL (%(without)s::text[]) ORDER BY l.arrival DESC LIMIT %(most)s
) AS r
WHERE r.device IS NOT NULL AND r.received_at >= %(since)s AND ((r.path || '.') ^@ ANY (%(scope)s::text[]))
  AND (r.path = %(path)s OR starts_with(r.path, %(below)s))
ORDER BY r.received_at DESC, r.arrival DESC, r.id DESC
