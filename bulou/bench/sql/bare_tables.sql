-- The least tables that could hold the same records and counters: no partitions, no policies, no checks.
DROP TABLE IF EXISTS bench_record, bench_counter;
CREATE TABLE bench_record (LIKE ledger_record INCLUDING DEFAULTS);
ALTER TABLE bench_record ADD PRIMARY KEY (id);
CREATE INDEX ON bench_record (district, operation, subject);
CREATE INDEX ON bench_record (district, arrival);
CREATE TABLE bench_counter (operation uuid, area text, state smallint, n int, PRIMARY KEY (operation, area, state));
