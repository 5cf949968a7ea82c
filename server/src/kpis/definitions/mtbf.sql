-- Mean time between failures: machine-days (each machine from its registration on) by failures. A failure
-- is a ticket that was opened and not cancelled; the rows are these.
SELECT 'ticket' AS subject_kind, t.id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, '' AS part, t.opened_at AS at,
  CAST(1 AS DOUBLE PRECISION) AS value
FROM tickets t WHERE t.opened_at >= $1 AND t.opened_at < $2 AND t.state <> 'cancelled'
