-- Return rate of a year: returns and exchanges that came back to us, by machine-years (each machine from its
-- registration on), as TL 9000 counts them. A return is one, however many pieces of a part it is of. Counted
-- when it was received; what was refused or called off never comes back.
SELECT 'return' AS subject_kind, n.return_id AS subject_id,
  'RMA-' || CAST(r.number AS TEXT) || ' ' || r.reason AS label, r.kind AS part, n.at AS at,
  CAST(1 AS DOUBLE PRECISION) AS value
FROM return_steps n LEFT JOIN returns r ON r.id = n.return_id
WHERE n.at >= $1 AND n.at < $2 AND n.state = 'received'
