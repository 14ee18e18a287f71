-- What stands against the numbers of a place as known at a moment; one row: doubtful, conflicts, turned away.
-- Parameters: district, path, below (the path with a dot), scope (path prefixes with dot), before (instant), day (the
-- district's date of that instant; what was turned away is counted by day and for the whole district).
-- Relies on ledger_record_doubtful and ledger_record_target.
SELECT
  (SELECT count(*) FROM ledger_record r
   WHERE r.district = %(district)s AND r.standing = 'doubtful' AND r.received_at < %(before)s
     AND ((r.path || '.') ^@ ANY (%(scope)s::text[])) AND (r.path = %(path)s OR starts_with(r.path, %(below)s))
     AND NOT EXISTS (SELECT FROM ledger_record a WHERE a.district = r.district
       AND a.target IS NOT NULL
       AND a.target = r.id AND a.received_at < %(before)s)),
  (SELECT count(*) FROM ledger_conflict c
   WHERE c.district = %(district)s AND c.received_at < %(before)s
     AND ((c.path || '.') ^@ ANY (%(scope)s::text[])) AND (c.path = %(path)s OR starts_with(c.path, %(below)s))),
  (SELECT coalesce(sum(n), 0) FROM ledger_turnedaway WHERE district = %(district)s AND "on" <= %(day)s)
