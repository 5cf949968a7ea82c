//! Which technician, and when: pure. Everything is weighed in minutes by the policy; distances are
//! great-circle distances (haversine formula) on a sphere of the Earth's mean radius, made longer by
//! the policy's detour.

use super::policy::PlanningPolicy;
use crate::alarms::Priority;

const MINUTE: i64 = 60 * 1_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Visits begin at the full quarter of an hour.
const GRID: i64 = 15 * MINUTE;
/// Mean radius of the Earth, km (IUGG).
const EARTH_KM: f64 = 6371.0088;

/// A place on the Earth, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub latitude: f64,
    pub longitude: f64,
}

impl Place {
    /// Kilometres in a straight line.
    pub(crate) fn km_to(self, other: Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (d_lat, d_long) = (b - a, (other.longitude - self.longitude).to_radians());
        let half = (d_lat / 2.0).sin().powi(2) + a.cos() * b.cos() * (d_long / 2.0).sin().powi(2);
        2.0 * EARTH_KM * half.sqrt().min(1.0).asin()
    }
}

/// The work that somebody is looked for.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub skills: Vec<String>,
    pub area: String,
    pub place: Option<Place>,
    pub minutes: i64,
    pub priority: Priority,
    pub earliest_at: i64,
    pub latest_at: Option<i64>,
}

/// A visit that is in the calendar.
#[derive(Debug, Clone)]
pub(super) struct Booked {
    pub visit_id: String,
    pub number: String,
    pub starts_at: i64,
    pub ends_at: i64,
    pub place: Option<Place>,
    /// What may be moved for something more urgent: planned and not yet with the technician.
    pub movable_below: Option<Priority>,
}

/// Somebody who could go.
#[derive(Debug, Clone)]
pub(super) struct Technician {
    pub id: String,
    pub name: String,
    pub skills: Vec<String>,
    /// Empty: everywhere.
    pub areas: Vec<String>,
    pub home: Option<Place>,
    /// Working hours of the horizon without absences, in order.
    pub open: Vec<(i64, i64)>,
    /// In order of their beginning.
    pub booked: Vec<Booked>,
}

/// A technician and a time, with reasons.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    pub technician_id: String,
    pub technician_name: String,
    pub starts_at: i64,
    pub ends_at: i64,
    /// In minutes; less is better.
    pub weight: f64,
    pub reasons: Vec<String>,
    /// Visits that have to make room.
    pub displaces: Vec<String>,
}

/// Everybody's best time, the best first; and who cannot go, with the reason.
pub(super) fn choose(
    work: &Work,
    technicians: &[Technician],
    policy: &PlanningPolicy,
    now: i64,
) -> (Vec<Choice>, Vec<(String, String)>) {
    let mut choices = Vec::new();
    let mut refused = Vec::new();
    for technician in technicians {
        match consider(work, technician, policy, now) {
            Ok(found) => choices.extend(found),
            Err(why) => refused.push((technician.name.clone(), why)),
        }
    }
    choices.sort_by(|a, b| {
        a.weight.total_cmp(&b.weight).then_with(|| a.technician_id.cmp(&b.technician_id))
    });
    (choices, refused)
}

fn consider(
    work: &Work,
    technician: &Technician,
    policy: &PlanningPolicy,
    now: i64,
) -> Result<Vec<Choice>, String> {
    let missing: Vec<&str> = work
        .skills
        .iter()
        .filter(|skill| !technician.skills.contains(skill))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        return Err(format!("has not: {}", missing.join(", ")));
    }
    let everywhere = technician.areas.is_empty() || work.area.is_empty();
    if !everywhere && !technician.areas.contains(&work.area) {
        return Err(format!("does not go to {}", work.area));
    }
    if technician.open.is_empty() {
        return Err("has no working hours in the time that is planned".into());
    }
    let keeping = best(work, technician, &technician.booked, policy, now);
    let moving = making_room(work, technician, policy, now)
        .filter(|moved| keeping.as_ref().is_none_or(|kept| moved.weight < kept.weight));
    let found: Vec<_> = keeping.into_iter().chain(moving).collect();
    if found.is_empty() {
        return Err("has no gap that is long enough in the time that is planned".into());
    }
    Ok(found)
}

/// The best time when less urgent visits make room.
fn making_room(
    work: &Work,
    technician: &Technician,
    policy: &PlanningPolicy,
    now: i64,
) -> Option<Choice> {
    if work.priority != Priority::Critical {
        return None;
    }
    let movable = |b: &&Booked| b.movable_below.is_some_and(|priority| priority < work.priority);
    let fixed: Vec<_> = technician.booked.iter().filter(|b| !movable(b)).cloned().collect();
    let mut choice = best(work, technician, &fixed, policy, now)?;
    let in_the_way = technician.booked.iter().filter(movable).filter(|b| {
        let way = way_minutes(b.place, work.place, policy) * MINUTE;
        b.starts_at < choice.ends_at + way && choice.starts_at < b.ends_at + way
    });
    let in_the_way: Vec<_> = in_the_way.collect();
    if in_the_way.is_empty() {
        return None;
    }
    let numbers: Vec<&str> = in_the_way.iter().map(|b| b.number.as_str()).collect();
    choice.reasons.push(format!("{} would have to make room", numbers.join(", ")));
    choice.displaces = in_the_way.iter().map(|b| b.visit_id.clone()).collect();
    Some(choice)
}

/// The best of the gaps between visits in working hours.
fn best(
    work: &Work,
    technician: &Technician,
    booked: &[Booked],
    policy: &PlanningPolicy,
    now: i64,
) -> Option<Choice> {
    let not_before = work.earliest_at.max(now + policy.lead_minutes * MINUTE);
    let choices = technician.open.iter().flat_map(|&(opens, closes)| {
        let day: Vec<&Booked> =
            booked.iter().filter(|b| b.starts_at < closes && b.ends_at > opens).collect();
        let gaps = (0..=day.len()).map(move |i| (i.checked_sub(1), i, day.clone()));
        gaps.filter_map(move |(before, after, day)| {
            let gap = Gap {
                opens,
                closes,
                before: before.map(|i| day[i]),
                after: day.get(after).copied(),
            };
            gap.fit(work, technician, policy, not_before).map(|at| {
                let planned: i64 = day.iter().map(|b| b.ends_at - b.starts_at).sum();
                weigh(work, technician, &gap, (at, planned), policy, now)
            })
        })
        .collect::<Vec<_>>()
    });
    choices.min_by(|a, b| a.weight.total_cmp(&b.weight))
}

/// Free time between two visits, or the ends of working hours.
struct Gap<'a> {
    opens: i64,
    closes: i64,
    before: Option<&'a Booked>,
    after: Option<&'a Booked>,
}

impl Gap<'_> {
    /// Minutes on the way to the work.
    fn way_there(&self, work: &Work, technician: &Technician, policy: &PlanningPolicy) -> i64 {
        let from = self.before.map_or(technician.home, |b| b.place);
        way_minutes(from, work.place, policy)
    }

    /// The first time in it at which the work can begin.
    fn fit(
        &self,
        work: &Work,
        technician: &Technician,
        policy: &PlanningPolicy,
        not_before: i64,
    ) -> Option<i64> {
        let from = self.before.map_or(self.opens, |b| b.ends_at.max(self.opens));
        let there = from + self.way_there(work, technician, policy) * MINUTE;
        let starts = next_quarter(there.max(not_before));
        let ends = starts + work.minutes * MINUTE;
        let free_until = self.after.map_or(self.closes, |b| {
            (b.starts_at - way_minutes(work.place, b.place, policy) * MINUTE).min(self.closes)
        });
        (ends <= free_until).then_some(starts)
    }
}

fn weigh(
    work: &Work,
    technician: &Technician,
    gap: &Gap<'_>,
    (starts_at, planned_us): (i64, i64),
    policy: &PlanningPolicy,
    now: i64,
) -> Choice {
    let ends_at = starts_at + work.minutes * MINUTE;
    let way = gap.way_there(work, technician, policy);
    let wait = (starts_at - now) as f64 / MINUTE as f64;
    let load = planned_us as f64 / (gap.closes - gap.opens) as f64;
    let late = work.latest_at.map_or(0, |latest| (ends_at - latest).max(0)) / MINUTE;
    let urgency = match work.priority {
        Priority::Critical => 4.0,
        Priority::High => 2.0,
        Priority::Medium => 1.0,
        Priority::Low => 0.5,
    };
    let weight = way as f64 * policy.travel
        + wait * policy.wait * urgency
        + load * policy.load
        + late as f64 * policy.late;
    let mut reasons = Vec::new();
    if !work.skills.is_empty() {
        reasons.push(format!("has {}", work.skills.join(", ")));
    }
    if !work.area.is_empty() && !technician.areas.is_empty() {
        reasons.push(format!("goes to {}", work.area));
    }
    let from = gap.before.map_or("from where the day begins", |_| "from the visit before");
    reasons.push(format!("{way} min on the way {from}"));
    reasons.push(format!("{:.0} % of these working hours are planned", load * 100.0));
    match work.latest_at {
        Some(_) if late > 0 => reasons.push(format!("{late} min after the promised time")),
        Some(latest) => {
            let hours = (latest - ends_at) as f64 / (60 * MINUTE) as f64;
            reasons.push(format!("done {hours:.1} h before the promised time"));
        }
        None => {}
    }
    Choice {
        technician_id: technician.id.clone(),
        technician_name: technician.name.clone(),
        starts_at,
        ends_at,
        weight,
        reasons,
        displaces: Vec::new(),
    }
}

/// Minutes on the road.
fn way_minutes(from: Option<Place>, to: Option<Place>, policy: &PlanningPolicy) -> i64 {
    let Some((from, to)) = from.zip(to) else { return policy.unknown_way_minutes };
    let hours = from.km_to(to) * policy.detour / policy.speed_km_h;
    (hours * 60.0).ceil() as i64
}

fn next_quarter(at: i64) -> i64 {
    at.div_euclid(GRID) * GRID + if at.rem_euclid(GRID) == 0 { 0 } else { GRID }
}

/// Takes absences out of working hours.
pub(super) fn without(open: &[(i64, i64)], away: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut left = open.to_vec();
    for &(from, to) in away {
        let parts = left.into_iter().flat_map(|(opens, closes)| {
            [(opens, closes.min(from)), (opens.max(to), closes)]
                .into_iter()
                .filter(|(opens, closes)| opens < closes)
                .collect::<Vec<_>>()
        });
        left = parts.collect();
    }
    left.dedup();
    left
}

/// The last moment that is planned for.
pub(super) fn horizon(policy: &PlanningPolicy, now: i64) -> i64 {
    now + policy.horizon_days * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;

    fn mei() -> Technician {
        Technician {
            id: "mei".to_owned(),
            name: "Mei".to_owned(),
            skills: vec!["refrigeration".to_owned()],
            areas: vec!["north".to_owned()],
            home: Some(Place { latitude: 52.5, longitude: 13.4 }),
            open: vec![(8 * HOUR, 16 * HOUR), (32 * HOUR, 40 * HOUR)],
            booked: Vec::new(),
        }
    }

    fn work() -> Work {
        Work {
            skills: vec!["refrigeration".to_owned()],
            area: "north".to_owned(),
            place: Some(Place { latitude: 52.5, longitude: 13.4 }),
            minutes: 120,
            priority: Priority::Medium,
            earliest_at: 0,
            latest_at: None,
        }
    }

    fn booked(from: i64, to: i64) -> Booked {
        Booked {
            visit_id: format!("v{from}"),
            number: format!("W-{}", from / HOUR),
            starts_at: from,
            ends_at: to,
            place: work().place,
            movable_below: Some(Priority::Low),
        }
    }

    fn choose_now(work: &Work, technicians: &[Technician]) -> (Vec<Choice>, Vec<(String, String)>) {
        choose(work, technicians, &PlanningPolicy::default(), 0)
    }

    #[test]
    fn who_lacks_a_skill_is_not_sent_and_it_is_said_which() {
        let mut work = work();
        work.skills.push("high voltage".to_owned());
        let (choices, refused) = choose_now(&work, &[mei()]);
        assert!(choices.is_empty());
        assert_eq!(refused, [("Mei".to_owned(), "has not: high voltage".to_owned())]);
    }

    #[test]
    fn who_does_not_go_to_the_area_is_not_sent() {
        let mut work = work();
        work.area = "south".to_owned();
        assert_eq!(choose_now(&work, &[mei()]).1[0].1, "does not go to south");
    }

    #[test]
    fn a_visit_fits_between_two_others_with_the_way() {
        let mut mei = mei();
        mei.booked = vec![booked(8 * HOUR, 10 * HOUR), booked(13 * HOUR, 16 * HOUR)];
        let (choices, _) = choose_now(&work(), &[mei]);
        assert_eq!((choices[0].starts_at, choices[0].ends_at), (10 * HOUR, 12 * HOUR));
    }

    #[test]
    fn without_a_gap_that_is_long_enough_it_is_the_next_day() {
        let mut mei = mei();
        mei.booked = vec![booked(9 * HOUR, 15 * HOUR)];
        let (choices, _) = choose_now(&work(), &[mei]);
        assert_eq!(choices[0].starts_at, 32 * HOUR);
    }

    #[test]
    fn of_two_the_nearer_one_goes() {
        let far = Technician {
            id: "far".to_owned(),
            name: "Far".to_owned(),
            home: Some(Place { latitude: 53.5, longitude: 13.4 }),
            ..mei()
        };
        let (choices, _) = choose_now(&work(), &[far, mei()]);
        assert_eq!(choices[0].technician_name, "Mei");
        // One degree of latitude is 111 km: 145 km on the road.
        assert!(choices[1].reasons.iter().any(|r| r.starts_with("174 min")), "{:?}", choices[1]);
    }

    #[test]
    fn of_two_alike_the_one_with_the_emptier_day_goes() {
        let mut busy = Technician { id: "a".to_owned(), name: "Busy".to_owned(), ..mei() };
        busy.booked = vec![booked(12 * HOUR, 16 * HOUR)];
        let (choices, _) = choose_now(&work(), &[busy, mei()]);
        assert_eq!(choices[0].technician_name, "Mei");
    }

    #[test]
    fn an_emergency_says_who_would_have_to_make_room() {
        let mut mei = mei();
        mei.booked = vec![booked(8 * HOUR, 16 * HOUR)];
        let mut work = work();
        work.priority = Priority::Critical;
        let (choices, _) = choose_now(&work, &[mei.clone()]);
        assert_eq!(choices[0].displaces, [format!("v{}", 8 * HOUR)]);
        assert!(choices[0].reasons.iter().any(|r| r == "W-8 would have to make room"));
        assert!(choices[1].displaces.is_empty(), "and when without that");
        // What is as urgent, or with the technician already, does not make room.
        mei.booked[0].movable_below = None;
        assert!(choose_now(&work, &[mei]).0[0].displaces.is_empty());
    }

    #[test]
    fn absences_are_no_working_hours() {
        let open = [(8 * HOUR, 16 * HOUR)];
        assert_eq!(without(&open, &[(0, 24 * HOUR)]), []);
        assert_eq!(
            without(&open, &[(10 * HOUR, 12 * HOUR)]),
            [(8 * HOUR, 10 * HOUR), (12 * HOUR, 16 * HOUR)]
        );
    }

    proptest::proptest! {
        #[test]
        fn nobody_is_in_two_places_at_once_or_beyond_working_hours(
            visits in proptest::collection::vec((0_i64..60, 1_i64..16), 0..8),
            minutes in 15_i64..300,
            earliest in 0_i64..40,
        ) {
            let mut mei = mei();
            let mut free_from = 0;
            for (gap, quarters) in visits {
                let from = free_from + gap * GRID;
                mei.booked.push(booked(from, from + quarters * GRID));
                free_from = from + quarters * GRID;
            }
            let work = Work { minutes, earliest_at: earliest * HOUR, ..work() };
            for choice in choose_now(&work, std::slice::from_ref(&mei)).0 {
                let apart = |b: &Booked| choice.ends_at <= b.starts_at || b.ends_at <= choice.starts_at;
                proptest::prop_assert!(mei.booked.iter().all(apart));
                let within = |&(o, c): &(i64, i64)| o <= choice.starts_at && choice.ends_at <= c;
                proptest::prop_assert!(mei.open.iter().any(within));
                proptest::prop_assert!(choice.starts_at >= work.earliest_at);
            }
        }
    }
}
