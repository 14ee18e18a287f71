-- The areas in which the rows of one file stand, each once. Lives until the transaction ends.
CREATE TEMP TABLE grid_place (
  place int, path text COLLATE "C", area text COLLATE "C", building text
) ON COMMIT DROP
