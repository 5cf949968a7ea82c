-- Mean time to repair: hours from the first moment in which a work order was in progress to its completion,
-- with what it was on hold in between. Counted when it was completed.
SELECT 'work_order' AS subject_kind, w.id AS subject_id,
  'W-' || CAST(w.number AS TEXT) || ' ' || w.title AS label, w.priority AS part, c.at AS at,
  CAST(c.at - (SELECT min(b.at) FROM changes b WHERE b.subject_kind = 'work_order'
    AND b.subject_id = w.id AND b.field = 'state' AND b.to_value = 'in_progress')
    AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM changes c JOIN work_orders w ON w.id = c.subject_id
WHERE c.subject_kind = 'work_order' AND c.field = 'state' AND c.to_value = 'completed'
  AND c.at >= $1 AND c.at < $2
  AND EXISTS (SELECT 1 FROM changes b WHERE b.subject_kind = 'work_order'
    AND b.subject_id = w.id AND b.field = 'state' AND b.to_value = 'in_progress')
