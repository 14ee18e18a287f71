-- What was counted at the sites of an area, those first whose tubes wait most for a courier; one row of the result: a site and
-- its counts (text of a JSON object: what to number). Parameters: district, operation, scope (path prefixes with dot), most.
-- Reads counters only; a city has thousands of sites, and a page shows a few.
SELECT site, jsonb_object_agg(what, n)::text FROM (
  SELECT site, what, sum(n)::bigint AS n FROM testing_counter
  WHERE district = %(district)s AND operation = %(operation)s AND ((path || '.') ^@ ANY (%(scope)s::text[]))
  GROUP BY site, what HAVING sum(n) <> 0
) told
GROUP BY site
ORDER BY sum(n) FILTER (WHERE what IN ('tube.filling', 'tube.sealed')) DESC NULLS LAST,
  sum(n) FILTER (WHERE what IN ('tube.taken', 'tube.received')) DESC NULLS LAST, site
LIMIT %(most)s
