-- How good the service is, from 0 to 1: the mean of timeliness (share of promises kept), professionalism (first-time
-- fixes and right first diagnoses, together) and experience (share of satisfied customers), each the mean of its own
-- rows and all of one weight. What has no rows is left out.
SELECT p.subject_kind, p.subject_id, p.label, 'timeliness:' || p.part AS part, p.at, p.value
FROM ({sla_attainment}) p
UNION ALL
SELECT f.subject_kind, f.subject_id, f.label, 'professionalism:first_time_fix', f.at, f.value
FROM ({first_time_fix}) f
UNION ALL
SELECT d.subject_kind, d.subject_id, d.label, 'professionalism:diagnosis_accuracy', d.at, d.value
FROM ({diagnosis_accuracy}) d
UNION ALL
SELECT s.subject_kind, s.subject_id, s.label, 'experience', s.at, s.value
FROM ({satisfied}) s
