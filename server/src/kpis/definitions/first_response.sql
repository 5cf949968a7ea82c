-- Hours from the opening of a ticket to the first step of somebody who looks after it. Counted when that
-- step was taken; cancelled tickets are left out.
SELECT 'ticket' AS subject_kind, t.id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, t.priority AS part, s.at AS at,
  CAST(s.at - t.opened_at AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM ticket_steps s JOIN tickets t ON t.id = s.ticket_id
WHERE s.at >= $1 AND s.at < $2 AND s.from_state = 'open' AND s.to_state <> 'cancelled'
  AND NOT EXISTS (SELECT 1 FROM ticket_steps e
    WHERE e.ticket_id = s.ticket_id AND e.at < s.at AND e.from_state = 'open')
