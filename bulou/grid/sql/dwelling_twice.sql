-- Rows whose door an earlier row of the same file has; `same` when that row says the same.
CREATE TEMP TABLE grid_twice ON COMMIT DROP AS
SELECT f."row", s."row" AS first, (f.floor, f.kind, f.needs) IS NOT DISTINCT FROM (s.floor, s.kind, s.needs) AS same
  FROM grid_stage f
  JOIN (SELECT place, door, min("row") AS "row" FROM grid_stage GROUP BY place, door HAVING count(*) > 1) k
    ON k.place = f.place AND k.door = f.door AND k."row" < f."row"
  JOIN grid_stage s ON s."row" = k."row"
