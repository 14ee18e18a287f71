-- Adds the attributes of the file to known sites. Parameters: district.
UPDATE grid_site d
   SET attributes = d.attributes || f.attributes
  FROM grid_diff f
 WHERE d.id = f.known AND d.district = %(district)s
   AND NOT EXISTS (SELECT 1 FROM grid_twice t WHERE t."row" = f."row")
