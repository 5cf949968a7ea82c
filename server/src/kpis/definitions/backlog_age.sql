-- Age in days of the tickets that were open at the end: opened before it, and neither closed nor cancelled
-- by then.
SELECT 'ticket' AS subject_kind, t.id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || t.title AS label, t.priority AS part, t.opened_at AS at,
  CAST($2 - t.opened_at AS DOUBLE PRECISION) / 86400000000.0 AS value
FROM tickets t
WHERE (t.ended_at >= $2 OR t.ended_at IS NULL) AND t.opened_at < $2 AND CAST($1 AS BIGINT) < $2
