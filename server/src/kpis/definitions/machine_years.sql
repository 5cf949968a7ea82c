SELECT coalesce(sum(CAST($2 - CASE WHEN a.created_at > $1 THEN a.created_at ELSE $1 END
  AS DOUBLE PRECISION)), 0.0) / 31557600000000.0
FROM assets a WHERE a.created_at < $2
