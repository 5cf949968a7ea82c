-- The return rate, and customers who are asked on schedule.

CREATE INDEX return_steps_received ON return_steps (at, return_id) WHERE state = 'received';
