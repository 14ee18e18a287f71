-- The areas of a made-up city: streets, communities, compounds. No rows in the result.
-- Parameters: d (district), s, c, k (streets, communities a street, compounds a community).
INSERT INTO grid_area (id, district, area, parent, level, path, name, short_name, pinyin, kind, valid, flags, reason)
SELECT uuidv7(), %(d)s, uuidv7(), NULL, level, path, path, path, '', kind, daterange('2026-01-01', NULL), '{}', ''
FROM (
  SELECT 'district' AS level, %(d)s AS path, 'district' AS kind
  UNION ALL SELECT 'street', %(d)s || '.' || to_char(s, 'FM000'), 'street' FROM generate_series(1, %(s)s) s
  UNION ALL SELECT 'community', %(d)s || '.' || to_char(s, 'FM000') || '.' || to_char(c, 'FM000'), 'community'
    FROM generate_series(1, %(s)s) s, generate_series(1, %(c)s) c
  UNION ALL SELECT 'compound', %(d)s || '.' || to_char(s, 'FM000') || '.' || to_char(c, 'FM000') || '.x' || k,
    'compound_managed' FROM generate_series(1, %(s)s) s, generate_series(1, %(c)s) c, generate_series(1, %(k)s) k
) a ORDER BY path
