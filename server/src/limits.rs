//! Every limit of the server, in one place.

use std::time::Duration;

/// Largest delivery body, bytes: the gateway's own cap and room for one more row.
pub const DELIVERY_BYTES: usize = 16 * 1024 * 1024;

/// Largest JSON body, bytes.
pub const BODY_BYTES: usize = 1024 * 1024;

/// Most raw readings in one answer; the cursor leads to the next ones.
pub const RAW_READINGS: usize = 10_000;

/// Most rows in one list answer.
pub const LIST_ROWS: i64 = 200;

/// Refused messages that are kept; the counts go on.
pub const REJECTED_KEPT: i64 = 1_000;

/// Measured time after which a detector is saved again, microseconds (ten minutes).
pub const SNAPSHOT_EVERY_US: i64 = 600 * 1_000_000;

/// Silence after which a machine counts as silent, microseconds (one minute).
pub const SILENT_AFTER_US: i64 = 60 * 1_000_000;

/// For how long a login link is good, microseconds (one day).
pub const LOGIN_LINK_US: i64 = 86_400 * 1_000_000;

/// For how long a browser stays signed in, microseconds (thirty days).
pub const SESSION_US: i64 = 30 * 86_400 * 1_000_000;

/// Longest name or text of a person, characters.
pub const TEXT_CHARS: usize = 500;

/// How often what is too old is deleted.
pub const EXPIRE_EVERY: Duration = Duration::from_secs(3600);

/// After how long names and tickets that did not reach the telemetry store are told again.
pub const DESCRIBE_AGAIN: Duration = Duration::from_secs(10);

/// For how long a start waits for InfluxDB.
pub const INFLUX_AT_START: Duration = Duration::from_secs(60);

/// A detector catches up in portions of measured time of at least this length (one hour), doubled
/// while they hold fewer readings than [`CATCH_UP_READINGS`].
pub const CATCH_UP_US: i64 = 3_600 * 1_000_000;
/// See [`CATCH_UP_US`].
pub const CATCH_UP_READINGS: usize = 200_000;

/// Points of an asset whose charts are asked for at a time.
pub const POINTS_AT_ONCE: usize = 8;

/// An alarm that is raised this often within [`CHATTER_WINDOW_US`] chatters: what follows joins it.
pub const CHATTER_RAISES: i64 = 3;
/// After this long without being raised an alarm chatters no more, measured microseconds (ten
/// minutes).
pub const CHATTER_WINDOW_US: i64 = 600 * 1_000_000;

/// Window in which new alarms are counted to find a flood, microseconds (ten minutes).
pub const FLOOD_WINDOW_US: i64 = 600 * 1_000_000;
/// A flood begins with more new alarms than this in the window (ISA-18.2, EEMUA 191).
pub const FLOOD_BEGINS_ABOVE: i64 = 10;
/// A flood is over with fewer new alarms than this in the window (ISA-18.2, EEMUA 191).
pub const FLOOD_ENDS_BELOW: i64 = 5;

/// Longest shelving of an alarm, microseconds (24 hours): what has to stay away longer is out of
/// service.
pub const SHELVED_US: i64 = 24 * 3_600 * 1_000_000;

/// For how long an alarm that was raised late, by readings from the time of a suspension, stays
/// hidden and waits for readings that clear it, microseconds (one minute).
pub const LATE_ALARM_GRACE_US: i64 = 60 * 1_000_000;

/// Longest guarantee window of an asset, seconds (ten years).
pub const GUARANTEE_S: i64 = 10 * 366 * 86_400;

/// Longest time after which an alarm is escalated, seconds (thirty days).
pub const ESCALATE_AFTER_S: i64 = 30 * 86_400;

/// Longest name of an alarm within its asset, characters.
pub const TAG_CHARS: usize = 200;

/// How often, at the most, what time does to alarms is looked after.
pub const ATTEND_ALARMS_REST: Duration = Duration::from_millis(50);
/// How often, at the least, what time does to alarms is looked after; other servers on the same
/// database do not wake this one.
pub const ATTEND_ALARMS_EVERY: Duration = Duration::from_secs(30);

/// How often, at the most, promises are looked after.
pub const ATTEND_SLA_REST: Duration = Duration::from_millis(50);
/// How often, at the least, promises are looked after: so late, at the most, is a notice about one
/// that was made meanwhile.
pub const ATTEND_SLA_EVERY: Duration = Duration::from_secs(30);
/// Most targets of an SLA policy.
pub const SLA_TARGETS: usize = 50;
/// Most goals of an SLA policy.
pub const SLA_GOALS: usize = 50;

/// Planned length of a repair session when nothing is said, microseconds (four hours).
pub const SESSION_LENGTH_US: i64 = 4 * 3_600 * 1_000_000;
/// Longest planned length, and longest extension from now (one day): so long at most does work
/// shelve the alarms that it causes before somebody has to say so again.
pub const SESSION_LONGEST_US: i64 = 24 * 3_600 * 1_000_000;
/// So wrong may the clock of a device be that says when a step of a session was, microseconds (five
/// minutes): the step is then taken to be now, or with the step before it.
pub const DEVICE_CLOCK_ERROR_US: i64 = 5 * 60 * 1_000_000;
/// Most technicians of a session.
pub const SESSION_TECHNICIANS: usize = 20;
/// Most entries on the time axis of a session.
pub const SESSION_ENTRIES: i64 = 2_000;

/// Largest photo, recording or document, bytes.
pub const ATTACHMENT_BYTES: usize = 16 * 1024 * 1024;
/// What may be attached, as its first bytes say. Those of a sound recording in MP4 or WebM, as browsers
/// make it, are those of a film.
pub const ATTACHMENT_TYPES: [&str; 12] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heif",
    "application/pdf",
    "audio/ogg",
    "audio/opus",
    "audio/m4a",
    "audio/mpeg",
    "audio/x-wav",
    "video/mp4",
    "video/webm",
];
/// Largest file of an import, bytes.
pub const IMPORT_BYTES: usize = 4 * 1024 * 1024;
/// Most rows of an import: so long do other writes wait for it.
pub const IMPORT_ROWS: usize = 5_000;
/// Rows of an export that are read at a time.
pub const EXPORT_PAGE: i64 = 500;

/// Longest time in which repairs of the same fault cost nothing, days (ten years).
pub const FREE_REPAIR_DAYS: i64 = 3_660;
/// Most sites and machines that a contract names.
pub const CONTRACT_COVERS: usize = 1_000;

/// Most components of a machine, also those that were replaced.
pub const COMPONENTS: i64 = 1_000;
/// Most attachments of one thing itself.
pub const ATTACHMENTS_EACH: i64 = 200;

/// Most versions of a verdict in one answer: each may hold hundreds of points.
pub const VERDICT_ROWS: i64 = 20;
/// Most readings of a point that are judged in one window of a verdict; of more, regular blocks.
pub const WINDOW_READINGS: usize = 50_000;
/// So many blocks.
pub const WINDOW_BLOCKS: u32 = 100;
/// Longest window of a verdict, microseconds (31 days).
pub const WINDOW_LONGEST_US: i64 = 31 * 86_400 * 1_000_000;
/// How far before the fault a healthy window is looked for, microseconds (31 days).
pub const RECORD_US: i64 = 31 * 86_400 * 1_000_000;
/// Where the load over that time has more readings than are judged, it is looked at in so many
/// parts.
pub const LOAD_BUCKETS: u32 = 10_000;

/// Most readings of a point in one window of a report; of more, regular blocks. All of them are in
/// the report's figures.
pub const REPORT_READINGS: usize = 1_000;
/// Buckets of a point in one window of a report, at most.
pub const REPORT_BUCKETS: u32 = 120;
/// Photos on the page of a report, bytes in all; the others are named by their digests.
pub const REPORT_PHOTO_BYTES: u64 = 8 * 1024 * 1024;
/// What a report without a verdict shows of the time before and after the work, microseconds (one
/// hour).
pub const REPORT_AROUND_US: i64 = 3_600 * 1_000_000;

/// Most part numbers of a finding.
pub const FINDING_PARTS: usize = 50;
/// Longest code of a cause, characters.
pub const CAUSE_CHARS: usize = 64;
/// Past cases that a ticket is compared with: the newest of the same kind of machine.
pub const PAST_CASES: i64 = 2_000;
/// Past cases in one answer, the nearest first.
pub const NEAREST_CASES: usize = 10;

/// Most checks of an acceptance test.
pub const ACCEPTANCE_CHECKS: usize = 100;
/// Longest time that a check may ask for, seconds (one day).
pub const ACCEPTANCE_LONGEST_S: f64 = 86_400.0;
/// Readings of a point that an acceptance test looks at: the newest of the last two days …
pub const ACCEPTANCE_SPAN_US: i64 = 2 * 86_400 * 1_000_000;
/// … and at most so many.
pub const ACCEPTANCE_READINGS: usize = 200_000;
/// Silence that interrupts an acceptance check, microseconds (one minute) …
pub const ACCEPTANCE_GAP_US: i64 = 60 * 1_000_000;
/// … or so many sampling intervals of the point, where those are longer.
pub const ACCEPTANCE_GAP_INTERVALS: i64 = 5;

/// Most readings that a trial of rules looks at.
pub const TRIAL_READINGS: u64 = 50_000_000;
/// For how long a trial of rules may run.
pub const TRIAL_FOR: Duration = Duration::from_secs(120);
/// Most tickets, and most findings about sensors, that a trial of rules lists; all are counted.
pub const TRIAL_LISTED: usize = 500;
/// Trials of rules that run at the same time.
pub const TRIALS_AT_ONCE: usize = 1;

/// Shortest password, characters.
pub const PASSWORD_LEAST: usize = 10;
/// Longest password, characters.
pub const PASSWORD_MOST: usize = 200;
/// Passwords that are looked at at the same time: each takes 19 MiB.
pub const PASSWORDS_AT_ONCE: usize = 2;
/// For how long an invitation or a reset of a password is good, microseconds (seven days).
pub const PASSWORD_CODE_US: i64 = 7 * 86_400 * 1_000_000;
/// So many wrong passwords for an address within [`FAILED_LOGINS_US`], and it has to wait.
pub const FAILED_LOGINS: i64 = 10;
/// See [`FAILED_LOGINS`], microseconds (fifteen minutes).
pub const FAILED_LOGINS_US: i64 = 15 * 60 * 1_000_000;
/// Most customers, and most sites, that are granted to an account.
pub const GRANTS: usize = 1_000;

/// Longest `Idempotency-Key`, characters.
pub const IDEMPOTENCY_KEY_CHARS: usize = 200;
/// For how long an answer is kept for its `Idempotency-Key`, microseconds (seven days: longer than a
/// technician is without a network).
pub const IDEMPOTENCY_US: i64 = 7 * 86_400 * 1_000_000;
/// After this long a write that has not ended counts as cut off, and may be sent again, microseconds
/// (one minute).
pub const IDEMPOTENCY_LEASE_US: i64 = 60 * 1_000_000;
/// Largest answer that is kept, bytes.
pub const IDEMPOTENCY_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Longest instructions of a work order, characters.
pub const INSTRUCTIONS_CHARS: usize = 10_000;
/// Most skills of a work order or a technician.
pub const SKILLS: usize = 50;
/// Longest word for a skill or an area, characters.
pub const WORD_CHARS: usize = 60;
/// Longest planned work of a work order, minutes (ten days of eight hours).
pub const PLANNED_MINUTES: i64 = 4_800;
/// Planned work when nothing is said, minutes.
pub const PLANNED_MINUTES_USUAL: i64 = 120;
/// Most lines of a work order.
pub const WORK_ORDER_STEPS: usize = 200;

/// Longest visit, microseconds (sixteen hours).
pub const VISIT_LONGEST_US: i64 = 16 * 3_600 * 1_000_000;

/// Furthest that visits are planned ahead, days.
pub const PLANNING_DAYS: i64 = 90;
/// Suggestions of visits in one answer.
pub const SUGGESTIONS: usize = 20;
/// Most technicians in one answer.
pub const TECHNICIANS: i64 = 1_000;
/// Most absences that are looked at.
pub const ABSENCES: i64 = 10_000;

/// Tiers of escalation: whoever took the request, technical support, the maker.
pub const TIERS: i64 = 3;
/// Most candidate causes of a ticket.
pub const CANDIDATE_CAUSES: i64 = 100;
/// Most steps, and most resources, of a proposal.
pub const PROPOSAL_LINES: usize = 100;
/// Largest amount of money, in the smallest unit of its currency.
pub const MONEY_MOST: i64 = 1_000_000_000_000;
/// Most rules of an approval policy.
pub const APPROVAL_RULES: usize = 50;

/// Longest address of a receiver, characters; those of push services are long.
pub const ADDRESS_CHARS: usize = 1_000;
/// Most rules of notifications.
pub const NOTIFICATION_RULES: usize = 500;
/// Longest patience of the outbox, seconds (thirty days).
pub const NOTIFICATION_PATIENCE_S: i64 = 30 * 86_400;
/// Messages that a server takes from the outbox at a time …
pub const OUTBOX_BATCH: i64 = 32;
/// … and sends at the same time.
pub const OUTBOX_AT_ONCE: usize = 8;
/// For how long they are its own, microseconds (ten minutes): longer than it takes to send them all
/// ([`messenger::limits::SEND_FOR`] each).
pub const OUTBOX_LEASE_US: i64 = 600 * 1_000_000;
/// How often, at the most, the outbox is looked after.
pub const OUTBOX_REST: Duration = Duration::from_millis(50);
/// How often, at the least, the outbox is looked after: so late at most does a message leave.
pub const OUTBOX_EVERY: Duration = Duration::from_secs(2);
/// For how long an ending server waits for messages that are on their way.
pub const OUTBOX_ENDS_WITHIN: Duration = Duration::from_secs(5);

/// Most criteria of a survey.
pub const CRITERIA: usize = 30;
/// Longest window of a survey, a call-back or a corrective action, days.
pub const SURVEY_DAYS: i64 = 366;
/// Longest time after which a customer is asked on schedule, months.
pub const SURVEY_MONTHS: i64 = 60;
/// Most customers who are asked on schedule in one round.
pub const SURVEYS_AT_ONCE: i64 = 50;
/// Most steps of a corrective action.
pub const ACTION_STEPS: usize = 100;

/// Longest notes about a customer or a site, characters.
pub const NOTES_CHARS: usize = 10_000;
/// Longest e-mail address, characters (RFC 5321).
pub const EMAIL_CHARS: usize = 254;
/// How many digits a phone number has.
pub const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;

/// Longest message of a request, characters.
pub const MESSAGE_CHARS: usize = 10_000;
/// Most messages of a request.
pub const REQUEST_MESSAGES: i64 = 500;
/// Longest subject that is made of what a person wrote, characters.
pub const SUBJECT_CHARS: usize = 80;
/// How far back requests are that may be about the same, microseconds (seven days).
pub const SAME_REQUEST_US: i64 = 7 * 86_400 * 1_000_000;
/// Most of them in one answer.
pub const SAME_REQUESTS: i64 = 10;
/// Requests in an hour of one address or number, without a login.
pub const PUBLIC_REQUESTS_EACH: i64 = 10;
/// Requests in an hour of everybody together, without a login.
pub const PUBLIC_REQUESTS: i64 = 600;
/// Messages in an hour through the link that follows a request.
pub const PUBLIC_MESSAGES: i64 = 20;

/// Messages in an hour through one inbox.
pub const INBOX_MESSAGES: i64 = 10_000;
/// For how long nobody may have written for a conversation to be the same, microseconds (thirty days).
pub const CONVERSATION_US: i64 = 30 * 86_400 * 1_000_000;

/// Message-IDs of a conversation that an e-mail names, the newest.
pub const THREAD_IDS: usize = 20;
/// How often, at the least, a mailbox is asked for new letters (RFC 2177 wants IDLE to be renewed).
pub const MAILBOX_EVERY: Duration = Duration::from_secs(60);
/// First wait for a mailbox that cannot be read; doubled up to [`MAILBOX_PATIENCE`].
pub const MAILBOX_REST: Duration = Duration::from_secs(5);
/// See [`MAILBOX_REST`].
pub const MAILBOX_PATIENCE: Duration = Duration::from_secs(600);

/// Most steps of a playbook, and most lines of its other lists.
pub const PLAYBOOK_LINES: usize = 100;
/// Longest time that a playbook gives a step, minutes (thirty days).
pub const PLAYBOOK_MINUTES: i64 = 30 * 24 * 60;
/// Most people who take part in a drill.
pub const PARTICIPANTS: usize = 200;
/// Longest time between two drills, days (ten years).
pub const DRILL_DAYS: i64 = 3_660;
/// Playbooks that are held against a ticket, and that are looked at for drills.
pub const PLAYBOOKS: i64 = 1_000;

/// Longest text of an article, characters.
pub const ARTICLE_CHARS: usize = 200_000;
/// Most tags, models, causes and signatures of an article, each.
pub const ARTICLE_LINKS: usize = 100;

/// Longest time for which a pass of a course is good, months (fifty years).
pub const COURSE_MONTHS: i64 = 600;

/// Longest word of the search index, characters.
pub const SEARCH_WORD_CHARS: usize = 40;
/// Most words of one text in the index.
pub const SEARCH_WORDS: usize = 2_000;
/// Most words of a query; the others are not looked at.
pub const SEARCH_QUERY_WORDS: usize = 12;
/// Changes that are taken into the index at a time.
pub const SEARCH_BATCH: i64 = 200;
/// How often the index is looked after.
pub const SEARCH_EVERY: Duration = Duration::from_secs(2);
/// Words that a beginning may stand for.
pub const SEARCH_BEGUN: i64 = 64;
/// Words that are looked at for one run of three characters.
pub const SEARCH_GRAM_WORDS: i64 = 1_000;
/// Words whose spelling is compared with a mistyped one.
pub const SEARCH_SIMILAR: usize = 100;
/// A word in at most so many texts of a kind is rare: those texts are looked up by it …
pub const SEARCH_RARE: i64 = 3_000;
/// … and so many where the list goes by name.
pub const SEARCH_RARE_NAME: i64 = 20_000;
/// Texts with a word are counted up to so many, to begin with the rarest word.
pub const SEARCH_COUNTED: i64 = 20_001;
/// Texts with the rarest word that a search looks through for the other words, the newest.
pub const SEARCH_LOOKED_AT: i64 = 10_000;
/// Machines that say whether the next page of a list by name is near.
pub const SEARCH_NEAR: i64 = 1_000;
/// Texts that say whether words often stand together.
pub const SEARCH_SAMPLE: i64 = 500;
/// Hits of each kind in one answer.
pub const SEARCH_HITS: i64 = 20;
/// Most models of machines that a part fits.
pub const PART_MODELS: usize = 200;
/// Most pieces of a part in one move or reservation, and in a depot.
pub const QUANTITY_MOST: i64 = 1_000_000;
/// Most lines of parts of a work order.
pub const WORK_ORDER_PARTS: i64 = 200;
/// Other depots that are named where one has not enough.
pub const OTHER_DEPOTS: i64 = 5;

/// Longest time that figures are counted over at once, days (three years).
pub const KPI_DAYS: i64 = 3 * 366;
/// Most goals of the reporting policy.
pub const KPI_GOALS: usize = 50;
/// Most reasons of a policy of returns.
pub const RETURN_REASONS: usize = 100;
/// Longest time after which something may come back, days (ten years).
pub const RETURN_DAYS: i64 = 3_660;
/// Longest time of a step of a return, hours (a year).
pub const RETURN_HOURS: i64 = 8_784;

/// Most lines of a shipment.
pub const SHIPMENT_LINES: usize = 200;
/// Most confirmations, and most promises, of a shipment.
pub const SHIPMENT_PROMISES: i64 = 100;
/// Most updates of a shipment.
pub const SHIPMENT_UPDATES: i64 = 1_000;
/// How often, at the most, promises of shipments are looked after.
pub const ATTEND_SHIPMENTS_REST: Duration = Duration::from_millis(50);
/// How often, at the least, promises of shipments are looked after: so late, at the most, is a notice
/// about one that was made meanwhile.
pub const ATTEND_SHIPMENTS_EVERY: Duration = Duration::from_secs(30);
/// Most rules of a care policy, and most models and segments of a rule.
pub const CARE_RULES: usize = 100;
/// Longest time of a rule of care, days (ten years).
pub const CARE_DAYS: i64 = 3_660;
/// Furthest that reminders are planned ahead, and longest time for which they are sent late, days.
pub const CARE_AHEAD_DAYS: i64 = 366;
/// How often reminders are looked after: so late at most are they sent.
pub const ATTEND_CARE_EVERY: Duration = Duration::from_secs(600);
/// Most points of one entry.
pub const LOYALTY_MOST: i64 = 1_000_000_000;
/// Attachments in an hour through the link that follows a request …
pub const PUBLIC_ATTACHMENTS_EACH: i64 = 20;
/// … and through all such links together.
pub const PUBLIC_ATTACHMENTS: i64 = 400;

/// Reminders of a visit, at most.
pub const REMINDERS: usize = 8;

/// A reminder comes so many hours before a visit at most.
pub const REMINDER_HOURS: i64 = 14 * 24;

/// How long a work order that nobody could go to waits until it is tried again, microseconds.
pub const AUTO_DISPATCH_AGAIN_US: i64 = 600 * 1_000_000;

/// How often visits that are near, and work that waits for one, are looked for.
pub const ATTEND_VISITS_EVERY: Duration = Duration::from_secs(60);

/// How often call-backs and surveys that are due are looked for.
pub const ATTEND_SATISFACTION_EVERY: Duration = Duration::from_secs(60);

/// For how long a command is handed to its board, microseconds (one hour).
pub const COMMAND_WAITS_US: i64 = 3600 * 1_000_000;

/// For how long a command that tells the time is the time, microseconds (two seconds); then it is
/// sealed anew.
pub const TIME_COMMAND_GOOD_US: i64 = 2 * 1_000_000;

/// For how long a gateway waits for the next command before it publishes those unanswered again.
pub const HANDING_OUT: Duration = Duration::from_secs(10);

/// Reports of a board that are kept.
pub const BOARD_REPORTS_KEPT: i64 = 1_000;

/// A reading that comes so long after it was measured is late, microseconds (one minute).
pub const LATE_AFTER_US: i64 = 60 * 1_000_000;

/// Late stretches of a series so near each other, in measured time and in arrival, are one,
/// microseconds (ten minutes).
pub const LATE_TOGETHER_US: i64 = 600 * 1_000_000;
