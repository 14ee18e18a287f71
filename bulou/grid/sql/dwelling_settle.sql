-- Of the rows for one new door the first counts, whichever the insert met first. Parameters: district, import.
UPDATE grid_dwelling d
   SET floor = s.floor, kind = s.kind, needs_help = s.needs
  FROM (SELECT DISTINCT first FROM grid_twice) t
  JOIN grid_stage s ON s."row" = t.first
  JOIN grid_place p USING (place)
 WHERE d.district = %(district)s AND d.path = p.path AND d.door = s.door AND d.valid_until IS NULL
   AND d.import_id = %(import)s
   AND (d.floor, d.kind, d.needs_help) IS DISTINCT FROM (s.floor, s.kind, s.needs)
