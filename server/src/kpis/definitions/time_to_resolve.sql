-- Hours from the opening of a ticket, or its reopening, to the step that resolved it. Counted when it was
-- resolved; a ticket that is taken up again and resolved anew counts again.
SELECT 'ticket' AS subject_kind, s.ticket_id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, '' AS part, s.at AS at,
  CAST(s.at - s.round_at AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM ticket_steps s LEFT JOIN tickets t ON t.id = s.ticket_id
WHERE s.at >= $1 AND s.at < $2 AND s.to_state = 'resolved'
