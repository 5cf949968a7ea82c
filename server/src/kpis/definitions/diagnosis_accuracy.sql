-- Share of tickets whose first confirmed cause is also the cause that was found in the end. Counted at the
-- newest finding; tickets without a first cause are left out.
SELECT 'ticket' AS subject_kind, t.id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || d.first_cause || ' / ' || f.cause AS label, '' AS part,
  f.at AS at, CASE WHEN d.first_cause = f.cause THEN 1.0 ELSE 0.0 END AS value
FROM ticket_findings f JOIN diagnoses d ON d.ticket_id = f.ticket_id JOIN tickets t ON t.id = f.ticket_id
WHERE f.at >= $1 AND f.at < $2 AND d.first_cause IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ticket_findings n WHERE n.ticket_id = f.ticket_id AND n.id > f.id)
