-- Only for an empty development database.
DROP TABLE ledger_sequence;
DROP TABLE ledger_record;
DROP FUNCTION ledger_refuse_change() CASCADE;
DROP FUNCTION bulou_uuid_floor(timestamptz);
DROP FUNCTION bulou_arrival();
DROP FUNCTION bulou_arrival_base();
