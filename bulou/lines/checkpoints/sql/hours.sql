-- Counts of the named hours of the named posts, anew from their passages.
-- Grain: one row per post and hour that has passages. Hours without any are left out; the caller deletes them.
-- Parameters: district, posts (uuid[]) and hours (timestamptz[]), pair by pair.
-- Index: checkpoints_passage_post.
SELECT p.post, w.hour, min(p.path), count(*),
       count(*) FILTER (WHERE p.direction = 'in'), count(*) FILTER (WHERE p.direction = 'out'),
       coalesce(sum(p.n_persons), 0), count(*) FILTER (WHERE p.was_held),
       count(*) FILTER (WHERE p.outcome = 'turned_back'), count(*) FILTER (WHERE p.outcome = 'handed_over'),
       count(*) FILTER (WHERE p.outcome = 'referred'), count(*) FILTER (WHERE p.outcome = 'emergency')
FROM unnest(%(posts)s::uuid[], %(hours)s::timestamptz[]) AS w (post, hour)
JOIN checkpoints_passage AS p
  ON p.district = %(district)s AND p.post = w.post AND p.at >= w.hour AND p.at < w.hour + interval '1 hour'
GROUP BY p.post, w.hour
ORDER BY p.post, w.hour
