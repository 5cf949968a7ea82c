-- Hours that work orders waited in each state. Counted when they left it.
SELECT 'work_order' AS subject_kind, c.subject_id AS subject_id,
  'W-' || CAST(w.number AS TEXT) || ' ' || w.title AS label, c.from_value AS part, c.at AS at,
  CAST(c.at - c.since_at AS DOUBLE PRECISION) / 3600000000.0 AS value
FROM changes c LEFT JOIN work_orders w ON w.id = c.subject_id
WHERE c.subject_kind = 'work_order' AND c.field = 'state' AND c.at >= $1 AND c.at < $2
  AND c.from_value <> 'closed' AND c.since_at IS NOT NULL
