-- The rows of one file, as read: one row per site. Lives until the transaction ends.
CREATE TEMP TABLE grid_stage (
  "row" int, place int, kind text, name text, attributes jsonb, since date
) ON COMMIT DROP
