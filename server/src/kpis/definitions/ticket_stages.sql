-- Hours that tickets waited in each state. Counted when they left it.
SELECT 'ticket' AS subject_kind, t.id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, s.from_state AS part, s.at AS at,
  CAST(s.at - (SELECT max(b.at) FROM ticket_steps b WHERE b.ticket_id = s.ticket_id
    AND b.to_state = s.from_state AND b.at <= s.at) AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM ticket_steps s JOIN tickets t ON t.id = s.ticket_id
WHERE s.at >= $1 AND s.at < $2 AND s.from_state IS NOT NULL AND s.from_state <> 'closed'
