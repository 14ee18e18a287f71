-- Identities under seal; one that is held already keeps its reason and gets new fields. No rows in the result.
-- Parameters: district, rows (JSON, one object for each identity; wrapped and digest in hex). Uses people_identity_pkey.
INSERT INTO people_identity (id, district, path, person, keep, month, wrapped, sealed, digest, trigger, purpose, basis, reason,
  held_at, held_by, expires_at)
SELECT i.id, %(district)s, i.path, i.person, i.keep, i.month, decode(i.wrapped, 'hex'), i.sealed, decode(i.digest, 'hex'),
  i.trigger, i.purpose, i.basis, i.reason, i.held_at, i.held_by, i.expires_at
FROM json_to_recordset(%(rows)s::json) AS i(id uuid, path text, person uuid, keep text, month text, wrapped text, sealed jsonb,
  digest text, trigger text, purpose text, basis text, reason text, held_at timestamptz, held_by uuid, expires_at timestamptz)
ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, digest = excluded.digest
