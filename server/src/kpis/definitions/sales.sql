SELECT coalesce(sum(CAST(s.minor AS DOUBLE PRECISION)), 0.0) FROM sales_figures s
WHERE s.begins_at >= $1 AND s.begins_at < $2 AND s.currency = '{currency}'
  AND NOT EXISTS (SELECT 1 FROM sales_figures n WHERE n.month = s.month AND n.version > s.version)
