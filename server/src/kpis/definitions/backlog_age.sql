-- Age in days of the tickets that were open at the end: opened before it, and neither closed nor cancelled
-- by then.
SELECT 'ticket' AS subject_kind, t.id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, t.priority AS part, t.opened_at AS at,
  CAST($2 - t.opened_at AS DOUBLE PRECISION) / 86400000000.0 AS value
FROM tickets t WHERE t.closed_at >= $2 AND t.opened_at < $2 AND CAST($1 AS BIGINT) <= $2
UNION ALL
SELECT 'ticket', t.id, 'T-' || CAST(t.number AS TEXT) || ' ' || t.title, t.priority, t.opened_at,
  CAST($2 - t.opened_at AS DOUBLE PRECISION) / 86400000000.0
FROM tickets t WHERE t.state IN ('open', 'diagnosing', 'resolved') AND t.opened_at < $2
UNION ALL
SELECT 'ticket', t.id, 'T-' || CAST(t.number AS TEXT) || ' ' || t.title, t.priority, t.opened_at,
  CAST($2 - t.opened_at AS DOUBLE PRECISION) / 86400000000.0
FROM ticket_steps s JOIN tickets t ON t.id = s.ticket_id
WHERE s.to_state = 'cancelled' AND s.at >= $2 AND t.opened_at < $2 AND t.state = 'cancelled'
