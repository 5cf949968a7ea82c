-- Share of answered surveys with a score that counts as satisfied by the survey policy.
SELECT 'survey' AS subject_kind, s.id AS subject_id, s.comment AS label, '' AS part,
  s.answered_at AS at, CASE WHEN s.score >= {satisfied_from} THEN 1.0 ELSE 0.0 END AS value
FROM surveys s WHERE s.answered_at >= $1 AND s.answered_at < $2 AND s.score IS NOT NULL
