//! The scores of the field: by row (F1, false alarm rate, missed alarm rate) and by ticket.

use serde::Serialize;

use super::recordings::Raised;

/// Every row of a recording, by what it was and what it was taken for.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Rows {
    pub true_positive: u64,
    pub false_positive: u64,
    pub true_negative: u64,
    pub false_negative: u64,
}

impl Rows {
    pub fn count(&mut self, raised: bool, faulty: bool) {
        match (raised, faulty) {
            (true, true) => self.true_positive += 1,
            (true, false) => self.false_positive += 1,
            (false, false) => self.true_negative += 1,
            (false, true) => self.false_negative += 1,
        }
    }

    pub fn add(&mut self, other: Self) {
        self.true_positive += other.true_positive;
        self.false_positive += other.false_positive;
        self.true_negative += other.true_negative;
        self.false_negative += other.false_negative;
    }

    pub fn score(self) -> RowScore {
        let part = |part: u64, rest: u64| {
            if part + rest == 0 { 0.0 } else { part as f64 / (part + rest) as f64 }
        };
        RowScore {
            f1: part(2 * self.true_positive, self.false_positive + self.false_negative),
            false_alarm_rate: part(self.false_positive, self.true_negative),
            missed_alarm_rate: part(self.false_negative, self.true_positive),
            rows: self,
        }
    }
}

/// Rates are parts of 1.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RowScore {
    pub f1: f64,
    /// Of the sound rows, how many were taken for faulty.
    pub false_alarm_rate: f64,
    /// Of the faulty rows, how many were taken for sound.
    pub missed_alarm_rate: f64,
    pub rows: Rows,
}

/// One labelled time, and the tickets that begin in it.
#[derive(Debug, Clone, Serialize)]
pub struct Window {
    pub from: String,
    pub until: String,
    pub tickets: usize,
    /// From the beginning of the label to the first ticket, seconds.
    pub delay_s: Option<f64>,
}

impl Window {
    /// A labelled time, in seconds, with what was raised in it.
    pub fn of(raised: &[Raised], (from_s, until_s): (f64, f64)) -> Self {
        let mut inside = raised.iter().filter(|r| r.begins_in((from_s, until_s))).peekable();
        let delay_s = inside.peek().map(|first| first.at_s - from_s);
        Self { from: instant(from_s), until: instant(until_s), tickets: inside.count(), delay_s }
    }
}

/// What was raised in none of the labelled times.
pub fn stray<'a>(
    raised: &'a [Raised],
    labelled: &'a [(f64, f64)],
) -> impl Iterator<Item = &'a Raised> {
    raised.iter().filter(|r| !labelled.iter().any(|window| r.begins_in(*window)))
}

/// Tickets over all labelled times.
#[derive(Debug, Clone, Serialize)]
pub struct TicketScore {
    pub windows: usize,
    /// Labelled times with at least one ticket that begins inside them.
    pub detected: usize,
    /// Labelled times with exactly one.
    pub once: usize,
    /// Tickets that begin outside every labelled time.
    pub false_tickets: usize,
    pub median_delay_s: Option<f64>,
}

impl TicketScore {
    pub fn of<'a>(windows: impl IntoIterator<Item = &'a Window>, false_tickets: usize) -> Self {
        let windows: Vec<&Window> = windows.into_iter().collect();
        let mut delays: Vec<f64> = windows.iter().filter_map(|window| window.delay_s).collect();
        delays.sort_by(f64::total_cmp);
        Self {
            windows: windows.len(),
            detected: windows.iter().filter(|window| window.tickets > 0).count(),
            once: windows.iter().filter(|window| window.tickets == 1).count(),
            false_tickets,
            median_delay_s: median(&delays),
        }
    }
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len().checked_sub(1)? / 2;
    Some((sorted[middle] + sorted[sorted.len() / 2]) / 2.0)
}

/// An instant for people.
pub fn instant(at_s: f64) -> String {
    jiff::Timestamp::from_microsecond((at_s * 1e6) as i64)
        .map_or_else(|_| at_s.to_string(), |time| time.to_string())
}

/// Part of 1 as a percentage.
pub fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}

pub fn seconds(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.0} s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_those_of_the_field() {
        let mut rows = Rows::default();
        for (raised, faulty, times) in
            [(true, true, 60), (true, false, 10), (false, false, 90), (false, true, 40)]
        {
            (0..times).for_each(|_| rows.count(raised, faulty));
        }
        let score = rows.score();
        assert!((score.f1 - 120.0 / 170.0).abs() < 1e-12);
        assert!((score.false_alarm_rate - 0.1).abs() < 1e-12);
        assert!((score.missed_alarm_rate - 0.4).abs() < 1e-12);
    }

    #[test]
    fn a_set_without_rows_scores_nothing_and_divides_by_nothing() {
        assert_eq!(Rows::default().score().f1, 0.0);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[1.0, 2.0, 4.0, 5.0]), Some(3.0));
    }
}
