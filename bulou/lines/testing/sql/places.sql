-- How many of each thing there were by the part of the path below an area and by site; one row of the result: such a part, a
-- site, what was counted. Parameters: district, operation, scope (path prefixes with dot), level (labels of the path to keep).
-- Reads counters only.
SELECT array_to_string((string_to_array(path, '.'))[1:%(level)s], '.') AS place, site, what, sum(n)::bigint FROM testing_counter
WHERE district = %(district)s AND operation = %(operation)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
GROUP BY place, site, what HAVING sum(n) <> 0 ORDER BY place, site, what
