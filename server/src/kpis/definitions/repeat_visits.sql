-- Share of visits that had to be made because an earlier one of the same ticket was not enough. Counted when
-- the visit was done.
SELECT 'visit' AS subject_kind, v.id AS subject_id,
  'W-' || CAST(w.number AS TEXT) || ' ' || w.title AS label, '' AS part, v.done_at AS at,
  CASE WHEN EXISTS (SELECT 1 FROM work_orders o JOIN visits e ON e.work_order_id = o.id
    WHERE o.ticket_id = w.ticket_id AND e.done_at IS NOT NULL AND e.starts_at < v.starts_at)
    THEN 1.0 ELSE 0.0 END AS value
FROM visits v JOIN work_orders w ON w.id = v.work_order_id
WHERE v.done_at >= $1 AND v.done_at < $2
