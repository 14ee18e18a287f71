-- A condition, not a statement: whether a unit u that joined after the opening was in the frame at a moment. It was, once a
-- record that adds it had taken effect and was known, kept or accepted by then. Grain: one unit of coverage_unit u.
-- Parameters: district, operation, received_until, effective_until. Relies on ledger_record_subject.
EXISTS (
  SELECT FROM ledger_record a
  WHERE a.district = u.district AND a.operation = u.operation AND a.subject = u.subject
    AND (a.kind = 'unit.added' OR a.payload->'new_subject' IS NOT NULL)
    AND a.received_at <= %(received_until)s::timestamptz AND a.effective_at <= %(effective_until)s::timestamptz
    AND (a.standing = 'kept' OR a.problems = '{coverage.unsaid_alert}' OR EXISTS (
      SELECT FROM ledger_record v
      WHERE v.district = a.district AND v.operation = a.operation AND v.subject = a.subject AND v.accepts = a.id
        AND v.kind = 'record.accepted' AND v.received_at <= %(received_until)s::timestamptz))
)
