-- How satisfied customers are: the weighted mean of what they answered, 1 to 5. Counted when the survey was
-- answered.
SELECT 'survey' AS subject_kind, s.id AS subject_id, s.comment AS label, '' AS part,
  s.answered_at AS at, s.score AS value
FROM surveys s WHERE s.answered_at >= $1 AND s.answered_at < $2 AND s.score IS NOT NULL
