-- Alarms of a machine and day: alarms that were recorded and that no suspension hides, by machine-days.
SELECT 'alarm' AS subject_kind, l.id AS subject_id, l.summary AS label, l.priority AS part,
  l.recorded_at AS at, CAST(1 AS DOUBLE PRECISION) AS value
FROM alarms l WHERE l.recorded_at >= $1 AND l.recorded_at < $2 AND l.hidden_by IS NULL
