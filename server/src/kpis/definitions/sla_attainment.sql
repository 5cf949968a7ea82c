-- Share of promises that were kept: clocks that were met and never breached, of all that were met in time or
-- breached. A breach counts when the promise was due, also when it was met later.
SELECT c.subject_kind AS subject_kind, c.subject_id AS subject_id,
  c.kind || ' / ' || c.priority AS label, c.kind AS part, c.met_at AS at,
  CAST(1 AS DOUBLE PRECISION) AS value
FROM sla_clocks c WHERE c.met_at >= $1 AND c.met_at < $2 AND c.breached_at IS NULL
UNION ALL
SELECT c.subject_kind, c.subject_id, c.kind || ' / ' || c.priority, c.kind, c.breached_at,
  CAST(0 AS DOUBLE PRECISION)
FROM sla_clocks c WHERE c.breached_at >= $1 AND c.breached_at < $2
