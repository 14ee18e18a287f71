-- People who are isolated at home, by the door at which the register knows them (null: no door is known); rows: door,
-- persons. Parameters: district, path, low and high (the paths below it), protocol (its name with the @).
-- Relies on watches_watch_path.
SELECT p.door, count(DISTINCT w.person) FROM watches_watch w
LEFT JOIN people_person p ON p.district = w.district AND p.id = w.person
WHERE w.district = %(district)s AND w.is_open AND starts_with(w.protocol, %(protocol)s)
  AND (w.path = %(path)s OR (w.path >= %(low)s AND w.path < %(high)s))
GROUP BY p.door
