-- Rows whose site an earlier row of the same file has; `same` when that row says the same.
CREATE TEMP TABLE grid_twice ON COMMIT DROP AS
SELECT f."row", s."row" AS first, s.attributes = f.attributes AS same
  FROM grid_stage f
  JOIN (SELECT place, kind, name, min("row") AS "row" FROM grid_stage GROUP BY place, kind, name
        HAVING count(*) > 1) k
    ON k.place = f.place AND k.kind = f.kind AND k.name = f.name AND k."row" < f."row"
  JOIN grid_stage s ON s."row" = k."row"
