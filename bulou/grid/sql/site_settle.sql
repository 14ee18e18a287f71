-- Of the rows for one new site the first counts, whichever the insert met first. Parameters: district, import.
UPDATE grid_site d
   SET attributes = s.attributes
  FROM (SELECT DISTINCT first FROM grid_twice) t
  JOIN grid_stage s ON s."row" = t.first
  JOIN grid_place p USING (place)
 WHERE d.district = %(district)s AND d.path = p.path AND d.type = s.kind AND d.name = s.name
   AND d.valid_until IS NULL AND d.import_id = %(import)s AND d.attributes <> s.attributes
