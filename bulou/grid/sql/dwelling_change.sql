-- Gives known doors the particulars of the file. Parameters: district.
UPDATE grid_dwelling d
   SET floor = f.floor, kind = f.kind, needs_help = f.needs, building = p.building
  FROM grid_diff f
  JOIN grid_place p USING (place)
 WHERE d.id = f.known AND d.district = %(district)s
   AND NOT EXISTS (SELECT 1 FROM grid_twice t WHERE t."row" = f."row")
