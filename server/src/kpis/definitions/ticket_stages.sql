-- Hours that tickets waited in each state. Counted when they left it.
SELECT 'ticket' AS subject_kind, s.ticket_id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, s.from_state AS part, s.at AS at,
  CAST(s.at - s.since_at AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM ticket_steps s LEFT JOIN tickets t ON t.id = s.ticket_id
WHERE s.at >= $1 AND s.at < $2 AND s.from_state IN ('open', 'diagnosing', 'resolved')
