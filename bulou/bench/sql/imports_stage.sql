-- The finished rows of the bare import. Lives until the transaction ends.
CREATE TEMP TABLE bench_stage (path text COLLATE "C", area text COLLATE "C", building text, floor smallint,
  door text COLLATE "C", sort text COLLATE "C", kind text, needs text[]) ON COMMIT DROP
