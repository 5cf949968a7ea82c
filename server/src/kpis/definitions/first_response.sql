-- Hours from the opening of a ticket, or its reopening, to the first step of somebody who looks after it.
-- Counted when that step was taken; cancelled tickets are left out.
SELECT 'ticket' AS subject_kind, s.ticket_id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, '' AS part, s.at AS at,
  CAST(s.at - s.since_at AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM ticket_steps s LEFT JOIN tickets t ON t.id = s.ticket_id
WHERE s.at >= $1 AND s.at < $2 AND s.from_state = 'open' AND s.to_state <> 'cancelled'
