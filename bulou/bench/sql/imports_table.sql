-- The table of the bare import: columns and indexes of the register, without its row security.
DROP TABLE IF EXISTS bench_dwelling;
CREATE TABLE bench_dwelling (LIKE grid_dwelling INCLUDING ALL);
