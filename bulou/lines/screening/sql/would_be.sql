-- What a rule would make of the people of a district who are on the register: was, would be, how many. Parameters: those
-- of classes.sql, which stands at the mark.
WITH classes AS (/*classes*/)
SELECT p.risk, coalesce(p.named, (ARRAY['general', 'attention', 'key_person'])[c.rank + 1]), count(*)
FROM classes AS c JOIN screening_person AS p ON p.id = c.id
WHERE p.standing = 'on_register'
GROUP BY 1, 2 ORDER BY 1, 2
