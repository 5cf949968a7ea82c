-- Cost of service by sales. The rows are what it cost, in the smallest unit of {currency}: parts that work
-- orders used, at their price of that time; visits with their hours on site, at the rates of the reporting
-- policy. Parts with a price in another currency are left out.
SELECT 'work_order' AS subject_kind, m.subject_id AS subject_id,
  'W-' || CAST(w.number AS TEXT) || ' ' || w.title AS label, 'parts' AS part, m.at AS at,
  CAST(-m.delta * m.price_minor AS DOUBLE PRECISION) AS value
FROM stock_moves m LEFT JOIN work_orders w ON w.id = m.subject_id
WHERE m.subject_kind = 'work_order' AND m.reason = 'used' AND m.price_currency = '{currency}'
  AND m.at >= $1 AND m.at < $2
UNION ALL
SELECT 'visit', v.id, 'W-' || CAST(w.number AS TEXT) || ' ' || w.title, 'visits', v.done_at,
  {visit_minor} + {labour_hour_minor}
    * CAST(v.done_at - coalesce(v.arrived_at, v.done_at) AS DOUBLE PRECISION) / 3600000000.0
FROM visits v LEFT JOIN work_orders w ON w.id = v.work_order_id
WHERE v.done_at >= $1 AND v.done_at < $2
