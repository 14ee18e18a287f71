-- The rows of one file, as read: one row per door. Lives until the transaction ends.
CREATE TEMP TABLE grid_stage (
  "row" int, place int, floor smallint, door text COLLATE "C", sort text COLLATE "C", kind text, needs text[],
  since date
) ON COMMIT DROP
