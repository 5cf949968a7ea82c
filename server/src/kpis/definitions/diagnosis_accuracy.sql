-- Share of tickets whose first confirmed cause is also the cause that was found in the end. Counted at the
-- newest finding; tickets without a first cause are left out.
SELECT 'ticket' AS subject_kind, f.ticket_id AS subject_id,
  'T-' || CAST(t.number AS TEXT) || ' ' || d.first_cause || ' / ' || f.cause AS label, '' AS part,
  f.at AS at, CASE WHEN d.first_cause = f.cause THEN 1.0 ELSE 0.0 END AS value
FROM ticket_findings f JOIN diagnoses d ON d.ticket_id = f.ticket_id
  LEFT JOIN tickets t ON t.id = f.ticket_id
WHERE f.at >= $1 AND f.at < $2 AND f.superseded IS NULL AND d.first_cause IS NOT NULL
