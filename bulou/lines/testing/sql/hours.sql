-- How many of each thing there were by hour; one row of the result: an hour and what was counted. Parameters: district,
-- operation, scope (path prefixes with dot). Reads counters only, so its cost does not grow with the people.
SELECT hour, what, sum(n)::bigint FROM testing_counter
WHERE district = %(district)s AND operation = %(operation)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
GROUP BY hour, what HAVING sum(n) <> 0 ORDER BY hour, what
