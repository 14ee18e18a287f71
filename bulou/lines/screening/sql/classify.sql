-- Gives everybody the class of the rule, or the one that somebody named; a row for each person whose class changed.
-- Parameters: those of classes.sql, which stands at the mark. Rows that are right already are not written.
WITH classes AS (/*classes*/)
UPDATE screening_person AS p
SET risk = coalesce(p.named, (ARRAY['general', 'attention', 'key_person'])[c.rank + 1])
FROM classes AS c
WHERE p.id = c.id AND p.risk <> coalesce(p.named, (ARRAY['general', 'attention', 'key_person'])[c.rank + 1])
RETURNING p.id, p.risk
