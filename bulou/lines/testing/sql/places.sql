-- How many of each thing there were by the part of the path below an area, and how many were sampled there in each hour; one
-- row of the result: such a part, an hour (null: all hours together), what was counted. Parameters: district, operation, scope
-- (path prefixes with dot), level (labels of the path to keep). Reads counters only, and each of them once, so its cost does
-- not grow with the people.
SELECT array_to_string((string_to_array(path, '.'))[1:%(level)s], '.') AS place, hour, what, sum(n)::bigint FROM testing_counter
WHERE district = %(district)s AND operation = %(operation)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
GROUP BY GROUPING SETS ((1, what), (1, hour, what))
HAVING sum(n) <> 0 AND (grouping(hour) = 1 OR what = 'sampled') ORDER BY place, hour, what
