//! One ticket after the other, with what came of it: alarm or request, clocks, diagnosis, work order
//! and visits, survey.

use std::collections::HashSet;

use sqlx::{Any, Transaction};

use super::people::{House, Machine};
use super::random::Random;
use super::rows::Rows;
use super::{DAY_US, HOUR_US, Years};

/// What is under way: a machine has one open ticket of a signature.
pub(super) struct Book {
    tickets: i64,
    requests: i64,
    orders: i64,
    open: HashSet<(String, &'static str)>,
}

impl Book {
    /// With the numbers that are taken already.
    pub async fn of(tx: &mut Transaction<'static, Any>) -> sqlx::Result<Self> {
        let mut taken = [0; 3];
        for (taken, table) in taken.iter_mut().zip(["tickets", "requests", "work_orders"]) {
            let sql = format!("SELECT coalesce(max(number), 0) FROM {table}");
            *taken = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut **tx).await?;
        }
        let [tickets, requests, orders] = taken;
        Ok(Self { tickets, requests, orders, open: HashSet::new() })
    }
}

const FAULTS: [(&str, &str, &str); 8] = [
    ("deviation:temperature", "Temperature is higher than it should be", "bearing_wear"),
    ("deviation:pressure", "Pressure drops under load", "leak"),
    ("deviation:current", "Motor takes more current than usual", "winding_fault"),
    ("drift:temperature", "Temperature rises slowly", "fouled_filter"),
    ("request:noise", "Loud noise after start", "misalignment"),
    ("request:leak", "Oil drips on the floor", "seal_worn"),
    ("request:stop", "Stops by itself", "sensor_fault"),
    ("request:noise", "启动后有异响", "bearing_wear"),
];
const PRIORITIES: [&str; 8] =
    ["critical", "high", "high", "medium", "medium", "medium", "low", "low"];

const STEP: &str =
    "ticket_steps (id, ticket_id, at, from_state, to_state, who, why, since_at, round_at)";
const CHANGE: &str = "changes (id, subject_kind, subject_id, at, who, field, from_value, to_value, why, \
    version, since_at)";

struct Story<'a> {
    years: &'a Years,
    house: &'a House,
    machine: &'a Machine,
    ticket: String,
    fault: (&'static str, &'static str, &'static str),
    priority: &'static str,
    opened: i64,
    answered: i64,
    resolved: i64,
    closed: i64,
}

pub(super) fn tell(
    years: &Years,
    house: &House,
    book: &mut Book,
    number: usize,
    random: &mut Random,
    rows: &mut Rows,
) {
    let span = years.days * DAY_US;
    let part = (number as f64 - random.uniform()) / years.tickets as f64;
    // A house that grows: twice as much at the end as at the beginning.
    let opened = years.until_us - span + (span as f64 * ((1.0 + 3.0 * part).sqrt() - 1.0)) as i64;
    let answered = opened + random.around(2 * HOUR_US, 0.8);
    let resolved = answered + random.around(16 * HOUR_US, 0.9);
    let mut story = Story {
        years,
        house,
        machine: &house.machines[random.below(house.machines.len())],
        ticket: random.id(opened),
        fault: random.of(&FAULTS),
        priority: random.of(&PRIORITIES),
        opened,
        answered,
        resolved,
        closed: resolved + random.around(20 * HOUR_US, 0.5),
    };
    if story.closed >= years.until_us {
        let key = (story.machine.id.clone(), story.fault.0);
        if !book.open.insert(key) {
            // Joined the open one: here it is closed in a hurry instead.
            (story.answered, story.resolved, story.closed) = (opened + 1, opened + 2, opened + 3);
        }
    }
    let by_alarm = !story.fault.0.starts_with("request");
    book.tickets += 1;
    story.ticket(book.tickets, random, rows);
    story.clocks(random, rows);
    if by_alarm {
        story.alarm(random, rows);
    } else {
        book.requests += 1;
        story.request(book.requests, random, rows);
    }
    if story.answered < years.until_us {
        story.diagnosis(random, rows);
        if random.chance(0.5) {
            book.orders += 1;
            story.order(book.orders, random, rows);
        }
    }
    if story.closed < years.until_us && random.chance(0.6) {
        story.survey(random, rows);
    }
}

impl Story<'_> {
    fn past(&self, at: i64) -> Option<i64> {
        (at < self.years.until_us).then_some(at)
    }

    fn state(&self) -> &'static str {
        match self.years.until_us {
            now if now > self.closed => "closed",
            now if now > self.resolved => "resolved",
            now if now > self.answered => "diagnosing",
            _ => "open",
        }
    }

    fn ticket(&self, number: i64, random: &mut Random, rows: &mut Rows) {
        let state = self.state();
        let closed = self.past(self.closed);
        rows.add(
            "tickets (id, number, asset_id, signature, state, title, opened_at, since_at, deviations, \
             priority, closed_at, ended_at, probation_until)",
            &[&self.ticket, &number, &self.machine.id, &self.fault.0, &state, &self.fault.1,
                &self.opened, &self.opened, &"[]", &self.priority, &closed, &closed,
                &closed.map(|at| at + 30 * DAY_US)],
        );
        let steps = [
            (self.opened, None, "open"),
            (self.answered, Some("open"), "diagnosing"),
            (self.resolved, Some("diagnosing"), "resolved"),
            (self.closed, Some("resolved"), "closed"),
        ];
        let mut since = None;
        for (at, from, to) in steps.into_iter().filter(|(at, ..)| *at < self.years.until_us) {
            let (id, why, round) = (random.id(at), self.fault.1, self.opened);
            rows.add(
                STEP,
                &[&id, &self.ticket, &at, &from, &to, &"account-4", &why, &since, &round],
            );
            since = Some(at);
        }
    }

    /// Writes down what has happened to something, and says how it stands.
    fn changes(
        &self,
        (kind, id, who): (&str, &str, &str),
        steps: &[(i64, Option<&'static str>, &'static str)],
        random: &mut Random,
        rows: &mut Rows,
    ) -> Option<&'static str> {
        let (mut since, mut state) = (None, None);
        for (at, from, to) in steps.iter().filter(|(at, ..)| *at < self.years.until_us) {
            let step = random.id(*at);
            rows.add(
                CHANGE,
                &[&step, &kind, &id, at, &who, &"state", from, to, &"", &1_i64, &since],
            );
            (since, state) = (Some(*at), Some(*to));
        }
        state
    }

    fn clocks(&self, random: &mut Random, rows: &mut Rows) {
        let promised = [
            ("first_response", 4 * HOUR_US, self.answered),
            ("resolution", 24 * HOUR_US, self.resolved),
        ];
        for (kind, target, met) in promised {
            let due = self.opened + target;
            let met = self.past(met);
            let breached = (met.unwrap_or(self.years.until_us) > due).then_some(due);
            let state = match (met, breached) {
                (Some(_), _) => "met",
                (None, Some(_)) => "breached",
                (None, None) => "running",
            };
            let attend = (state == "running").then_some(due);
            rows.add(
                "sla_clocks (id, subject_kind, subject_id, asset_id, kind, priority, policy, \
                 policy_version, time_zone, target_s, due_soon_percent, state, started_at, due_at, \
                 promised_due_at, breached_at, breach_noticed_at, met_at, attend_at, version)",
                &[
                    &random.id(self.opened),
                    &"ticket",
                    &self.ticket,
                    &self.machine.id,
                    &kind,
                    &self.priority,
                    &"A",
                    &1_i64,
                    &"UTC",
                    &(target / 1_000_000),
                    &75_i64,
                    &state,
                    &self.opened,
                    &due,
                    &due,
                    &breached,
                    &breached,
                    &met,
                    &attend,
                    &1_i64,
                ],
            );
        }
    }

    fn alarm(&self, random: &mut Random, rows: &mut Rows) {
        let cleared = self.past(self.resolved);
        let state = if cleared.is_some() { "normal" } else { "unacknowledged_active" };
        rows.add(
            "alarms (id, asset_id, tag, class, signature, state, priority, raised_priority, latched, \
             summary, since_at, raised_at, last_raised_at, occurrences, recorded_at, cleared_at, \
             deviations, ticket_id, escalation_level, escalation_over)",
            &[&random.id(self.opened), &self.machine.id, &self.fault.0, &"machine", &self.fault.0,
                &state, &self.priority, &self.priority, &0_i64, &self.fault.1, &self.opened,
                &self.opened, &self.opened, &1_i64, &self.opened, &cleared, &"[]", &self.ticket, &0_i64,
                &1_i64],
        );
    }

    fn request(&self, number: i64, random: &mut Random, rows: &mut Rows) {
        let id = random.id(self.opened);
        let closed = self.past(self.closed);
        let kind = random.of(&[
            "product_quality",
            "product_quality",
            "after_sales_support",
            "service_attitude",
        ]);
        let priority = if self.priority == "critical" { "urgent" } else { "normal" };
        rows.add(
            "requests (id, number, channel, state, subject, language, given_name, given_email, \
             given_machine, customer_id, contact_id, site_id, asset_id, urgency, scope, kind, priority, \
             priority_version, secret, ticket_id, received_at, received_by, closed_at, version)",
            &[&id, &number, &random.of(&["web_form", "phone", "visit"]),
                &(if closed.is_some() { "closed" } else { "ticketed" }), &self.fault.1, &"en",
                &"Kari Berg", &format!("{}@example.com", self.machine.contact), &self.machine.serial,
                &self.machine.customer, &self.machine.contact, &self.machine.site, &self.machine.id,
                &"general", &"individual", &kind, &priority, &1_i64, &id, &self.ticket, &self.opened, &"",
                &closed, &1_i64],
        );
        let said =
            format!("{} on {}. Please come and look at it.", self.fault.1, self.machine.name);
        rows.add(
            "request_messages (id, request_id, kind, author, text, at)",
            &[&random.id(self.opened), &id, &"received", &"Kari Berg", &said, &self.opened],
        );
    }

    fn diagnosis(&self, random: &mut Random, rows: &mut Rows) {
        let cause = self.fault.2;
        let first = if random.chance(0.85) { cause } else { "sensor_fault" };
        rows.add(
            "diagnoses (ticket_id, phenomena, doing, location, first_cause, first_cause_at, version)",
            &[&self.ticket, &self.fault.1, &"", &"", &first, &self.answered, &1_i64],
        );
        if let Some(at) = self.past(self.resolved) {
            rows.add(
                "ticket_findings (id, ticket_id, cause, note, remedy, parts, at, who)",
                &[&random.id(at), &self.ticket, &cause, &"", &"Replaced", &"[]", &at, &"account-6"],
            );
        }
    }

    fn order(&self, number: i64, random: &mut Random, rows: &mut Rows) {
        let id = random.id(self.answered);
        let visits = if random.chance(0.82) { 1 } else { 2 };
        let length = (self.resolved - self.answered) / (visits + 1);
        let (begun, ended) = (self.answered + length, self.resolved);
        let steps = [
            (self.answered, None, "unscheduled"),
            (self.answered + length / 4, Some("unscheduled"), "scheduled"),
            (self.answered + length / 2, Some("scheduled"), "dispatched"),
            (begun, Some("dispatched"), "in_progress"),
            (ended, Some("in_progress"), "completed"),
            (self.closed, Some("completed"), "closed"),
        ];
        let about = ("work_order", id.as_str(), "account-3");
        let state = self.changes(about, &steps, random, rows).unwrap_or("unscheduled");
        rows.add(
            "work_orders (id, number, ticket_id, asset_id, state, title, instructions, priority, skills, \
             planned_minutes, created_at, created_by, version, begun_at, completed_at)",
            &[&id, &number, &self.ticket, &self.machine.id, &state, &self.fault.1, &"", &self.priority,
                &"[]", &120_i64, &self.answered, &"account-3", &1_i64, &self.past(begun),
                &self.past(ended)],
        );
        for visit in 0..visits {
            let starts = begun + visit * length;
            let ends = starts + length.min(6 * HOUR_US);
            self.visit(&id, (starts, ends), random, rows);
            // One visit of an order is ahead at a time.
            if ends >= self.years.until_us {
                break;
            }
        }
    }

    fn visit(&self, order: &str, (starts, ends): (i64, i64), random: &mut Random, rows: &mut Rows) {
        let id = random.id(starts);
        let steps = [
            (starts - HOUR_US, Some("planned"), "dispatched"),
            (starts - HOUR_US / 2, Some("dispatched"), "travelling"),
            (starts, Some("travelling"), "on_site"),
            (ends, Some("on_site"), "done"),
        ];
        let technician = &self.house.technicians[random.below(self.house.technicians.len())];
        let state = self.changes(("visit", &id, technician), &steps, random, rows);
        rows.add(
            "visits (id, work_order_id, technician_id, state, starts_at, ends_at, planned_by, reasons, \
             version, created_at, arrived_at, done_at)",
            &[&id, &order, technician, &state.unwrap_or("planned"), &starts, &ends, &"account-3", &"[]",
                &1_i64, &self.answered, &self.past(starts), &self.past(ends)],
        );
    }

    fn survey(&self, random: &mut Random, rows: &mut Rows) {
        let id = random.id(self.closed);
        let answered = self.past(self.closed + random.around(DAY_US, 0.7));
        let answered = answered.filter(|_| random.chance(0.5));
        let score = answered.map(|_| 5.0 - random.uniform() * random.uniform() * 4.0);
        rows.add(
            "surveys (id, customer_id, ticket_id, asset_id, secret, policy_version, criteria, state, rule, created_at, \
             expires_at, answered_at, score, comment, tags)",
            &[&id, &self.machine.customer, &self.ticket, &self.machine.id, &id, &0_i64, &"[]",
                &(if answered.is_some() { "answered" } else { "expired" }), &"after closure", &self.closed,
                &(self.closed + 14 * DAY_US), &answered, &score, &"", &"[]"],
        );
    }
}
