-- One row: doors at or below a path on a day, and how many of them are homes.
-- Parameters: as area_counts.
-- Index: grid_dwelling_door (index-only down to the day); a district of a million doors takes about 0.3 s,
-- a community 2 ms. Boards read the counters of a round instead.
SELECT count(*), count(*) FILTER (WHERE kind = 'home')
  FROM grid_dwelling
 WHERE district = %(district)s
   AND (path = %(path)s OR (path >= %(below)s AND path < %(past)s))
   AND valid_from <= %(on)s::date
   AND (valid_until IS NULL OR valid_until > %(on)s::date)
   AND ((path || '.') ^@ ANY (%(scope)s))
