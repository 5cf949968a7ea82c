-- Share of tickets that one visit was enough for: of those that were closed after at least one visit, the
-- ones with exactly one that were not reopened since. Counted when the ticket was closed.
SELECT 'ticket' AS subject_kind, d.id AS subject_id,
  'T-' || CAST(d.number AS TEXT) || ' ' || d.title AS label, '' AS part, d.closed_at AS at,
  CASE WHEN d.visits = 1 AND NOT EXISTS (SELECT 1 FROM ticket_steps s
    WHERE s.ticket_id = d.id AND s.from_state = 'closed') THEN 1.0 ELSE 0.0 END AS value
FROM (SELECT t.id, t.number, t.title, t.closed_at, count(*) AS visits
  FROM tickets t JOIN work_orders w ON w.ticket_id = t.id JOIN visits v ON v.work_order_id = w.id
  WHERE t.closed_at >= $1 AND t.closed_at < $2 AND v.done_at IS NOT NULL
  GROUP BY t.id, t.number, t.title, t.closed_at) d
