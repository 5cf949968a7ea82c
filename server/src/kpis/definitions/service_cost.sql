-- Cost of service by sales. The rows are what it cost, in the smallest unit of {currency}: parts that work
-- orders used, at their price of that time; hours on site and visits, at the rates of the reporting policy.
-- Parts with a price in another currency are left out.
SELECT 'work_order' AS subject_kind, w.id AS subject_id,
  'W-' || CAST(w.number AS TEXT) || ' ' || w.title AS label, 'parts' AS part, m.at AS at,
  CAST(-m.delta * m.price_minor AS DOUBLE PRECISION) AS value
FROM stock_moves m JOIN work_orders w ON w.id = m.subject_id
WHERE m.subject_kind = 'work_order' AND m.reason = 'used' AND m.price_currency = '{currency}'
  AND m.at >= $1 AND m.at < $2
UNION ALL
SELECT 'visit', v.id, 'W-' || CAST(w.number AS TEXT) || ' ' || w.title, 'labour', c.at,
  CAST(c.at - (SELECT min(b.at) FROM changes b WHERE b.subject_kind = 'visit' AND b.subject_id = v.id
    AND b.field = 'state' AND b.to_value = 'on_site') AS DOUBLE PRECISION)
    / 3600000000.0 * {labour_hour_minor}
FROM changes c JOIN visits v ON v.id = c.subject_id JOIN work_orders w ON w.id = v.work_order_id
WHERE c.subject_kind = 'visit' AND c.field = 'state' AND c.to_value = 'done'
  AND c.at >= $1 AND c.at < $2 AND EXISTS (SELECT 1 FROM changes b WHERE b.subject_kind = 'visit'
    AND b.subject_id = v.id AND b.field = 'state' AND b.to_value = 'on_site')
UNION ALL
SELECT 'visit', v.id, 'W-' || CAST(w.number AS TEXT) || ' ' || w.title, 'visits', c.at,
  CAST({visit_minor} AS DOUBLE PRECISION)
FROM changes c JOIN visits v ON v.id = c.subject_id JOIN work_orders w ON w.id = v.work_order_id
WHERE c.subject_kind = 'visit' AND c.field = 'state' AND c.to_value = 'done'
  AND c.at >= $1 AND c.at < $2
