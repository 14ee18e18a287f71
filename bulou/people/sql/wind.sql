-- Sets until when identities are kept. Parameters: district, ids, ends (same order). Uses people_identity_pkey; no row where
-- the moment is right already.
UPDATE people_identity AS i SET expires_at = w.ends_at
FROM unnest(%(ids)s::uuid[], %(ends)s::timestamptz[]) AS w (id, ends_at)
WHERE i.district = %(district)s AND i.id = w.id AND i.expires_at <> w.ends_at
