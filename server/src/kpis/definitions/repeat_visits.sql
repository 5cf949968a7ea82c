-- Share of visits that had to be made because an earlier one of the same ticket was not enough. Counted when
-- the visit was done.
SELECT 'visit' AS subject_kind, v.id AS subject_id,
  'W-' || CAST(w.number AS TEXT) || ' ' || w.title AS label, '' AS part, c.at AS at,
  CASE WHEN EXISTS (SELECT 1 FROM work_orders o JOIN visits e ON e.work_order_id = o.id
    WHERE o.ticket_id = w.ticket_id AND e.state = 'done' AND e.starts_at < v.starts_at)
    THEN 1.0 ELSE 0.0 END AS value
FROM changes c JOIN visits v ON v.id = c.subject_id JOIN work_orders w ON w.id = v.work_order_id
WHERE c.subject_kind = 'visit' AND c.field = 'state' AND c.to_value = 'done'
  AND c.at >= $1 AND c.at < $2
