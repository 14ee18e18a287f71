-- Head counts of areas at or below a path on a day; rows: path, persons.
-- Parameters: district, path, low and high (the paths below it), on, kind.
SELECT p.path, p.n FROM grid_population p
WHERE p.district = %(district)s AND p.kind = %(kind)s AND p.valid @> %(on)s::date
  AND (p.path = %(path)s OR (p.path >= %(low)s AND p.path < %(high)s))
