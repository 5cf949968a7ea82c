-- Mean time to repair: hours from the first moment in which a work order was in progress to its completion,
-- with what it was on hold in between. Counted when it was completed.
SELECT 'work_order' AS subject_kind, w.id AS subject_id,
  'W-' || CAST(w.number AS TEXT) || ' ' || w.title AS label, w.priority AS part, w.completed_at AS at,
  CAST(w.completed_at - w.begun_at AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM work_orders w
WHERE w.completed_at >= $1 AND w.completed_at < $2 AND w.begun_at IS NOT NULL
