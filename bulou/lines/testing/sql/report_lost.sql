-- Why tubes were lost, the most frequent reason first; one row of the result: a reason, tubes, people in them.
-- Parameters: district, operation, path, low and high (the paths below it), most. Relies on testing_tube_list.
SELECT reason, count(*), coalesce(sum(n), 0)::bigint FROM testing_tube
WHERE district = %(district)s AND operation = %(operation)s AND (path = %(path)s OR (path >= %(low)s AND path < %(high)s)) AND stage = 'lost'
GROUP BY reason ORDER BY count(*) DESC, reason LIMIT %(most)s
