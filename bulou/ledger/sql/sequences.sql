-- Adds device numbers to what has arrived; one row of the result: a device, and the first 200 holes below its highest number.
-- Parameters: district, device ids, their new ranges (text of an int8multirange, same order). Relies on ledger_sequence_once.
INSERT INTO ledger_sequence AS s (district, device, ranges)
SELECT %s, d.device, d.ranges::int8multirange FROM unnest(%s::uuid[], %s::text[]) AS d(device, ranges)
ORDER BY d.device
ON CONFLICT (district, device) DO UPDATE SET ranges = s.ranges + excluded.ranges
RETURNING device,
  (SELECT array_agg(ARRAY[lower(g), upper(g) - 1] ORDER BY g)
   FROM (SELECT g FROM unnest(int8multirange(int8range(1, upper(ranges))) - ranges) AS g LIMIT 200) AS first) AS gaps
