-- Items whose keepers do not follow each other, and chains that are called done and do not balance; one row of the result:
-- what is wrong, in words. Parameter: district. Reads the district's keepers once: for verify, not for pages.
SELECT 'keepers of ' || item FROM (
  SELECT item, upper(valid) AS ends, lead(lower(valid)) OVER (PARTITION BY item ORDER BY lower(valid)) AS begins
  FROM custody_keeping WHERE district = %(district)s
) k WHERE ends IS DISTINCT FROM begins
UNION ALL
SELECT 'item ' || c.item || ' has no keeper' FROM custody_carried c
LEFT JOIN custody_span s ON s.district = c.district AND s.item = c.item
WHERE c.district = %(district)s AND s.item IS NULL
UNION ALL
SELECT 'chain ' || id FROM custody_chain
WHERE district = %(district)s AND done_at IS NOT NULL AND state = 'accepted'
  AND (received <> manifest OR coalesce(registered, manifest) <> manifest)
LIMIT 100
