//! The figures there are.

use super::policy::ReportingPolicy;
use crate::surveys::SurveyPolicy;

/// How the figure is made of the values of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Their mean.
    Mean,
    /// Their sum, by what another statement counts.
    SumBy(&'static str),
    /// What another statement counts, by their number.
    BaseByCount(&'static str),
    /// The mean of parts, each of them the mean over the rows of some other figures.
    MeanOfParts(&'static [Dimension]),
}

/// A part that is as good as other figures say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dimension {
    pub part: &'static str,
    pub figures: &'static [&'static str],
}

/// The unit of figures from 0 to 1.
pub(super) const SHARE: &str = "share";

/// A figure.
pub(super) struct Kpi {
    pub name: &'static str,
    pub title: &'static str,
    /// What its values are in: `h`, `days`, `share` (0 to 1), `score` (1 to 5), `a machine and day`.
    pub unit: &'static str,
    pub how: How,
    /// Whether it says how things are at the end, and not what happened within a time.
    pub at_end: bool,
    sql: &'static str,
}

const fn within(
    name: &'static str,
    title: &'static str,
    unit: &'static str,
    sql: &'static str,
) -> Kpi {
    Kpi { name, title, unit, how: How::Mean, at_end: false, sql }
}

const MACHINE_DAYS: &str = include_str!("definitions/machine_days.sql");
const MACHINE_YEARS: &str = include_str!("definitions/machine_years.sql");

macro_rules! definition {
    ($name:literal) => {
        include_str!(concat!("definitions/", $name, ".sql"))
    };
}

const QUALITY: &[Dimension] = &[
    Dimension { part: "experience", figures: &["satisfied"] },
    Dimension { part: "professionalism", figures: &["first_time_fix", "diagnosis_accuracy"] },
    Dimension { part: "timeliness", figures: &["sla_attainment"] },
];

/// In the order of a report.
#[rustfmt::skip]
pub(super) const ALL: &[Kpi] = &[
    Kpi { how: How::MeanOfParts(QUALITY),
        ..within("quality_index", "Quality index", SHARE, definition!("quality_index")) },
    within("first_response", "First response", "h", definition!("first_response")),
    within("time_to_resolve", "Time to resolve", "h", definition!("time_to_resolve")),
    within("mttr", "Mean time to repair", "h", definition!("mttr")),
    Kpi { how: How::BaseByCount(MACHINE_DAYS),
        ..within("mtbf", "Mean time between failures", "days", definition!("mtbf")) },
    within("first_time_fix", "First-time fix", SHARE, definition!("first_time_fix")),
    within("repeat_visits", "Repeat visits", SHARE, definition!("repeat_visits")),
    within("diagnosis_accuracy", "Diagnosis accuracy", SHARE, definition!("diagnosis_accuracy")),
    within("sla_attainment", "Promises kept", SHARE, definition!("sla_attainment")),
    Kpi { at_end: true, ..within("backlog_age", "Age of the backlog", "days", definition!("backlog_age")) },
    within("csat", "Satisfaction", "score", definition!("csat")),
    within("satisfied", "Satisfied customers", SHARE, definition!("satisfied")),
    Kpi { how: How::SumBy(MACHINE_DAYS),
        ..within("alarm_rate", "Alarms", "a machine and day", definition!("alarm_rate")) },
    Kpi { how: How::SumBy(MACHINE_YEARS),
        ..within("return_rate", "Return rate", SHARE, definition!("return_rate")) },
    Kpi { how: How::SumBy(definition!("sales")),
        ..within("service_cost", "Cost of service by sales", SHARE, definition!("service_cost")) },
    within("ticket_stages", "Where tickets wait", "h", definition!("ticket_stages")),
    within("work_order_stages", "Where work orders wait", "h", definition!("work_order_stages")),
];

pub(super) fn named(name: &str) -> Option<&'static Kpi> {
    ALL.iter().find(|kpi| kpi.name == name)
}

/// What definitions take from policies.
pub(super) struct Terms {
    pub reporting: ReportingPolicy,
    pub surveys: SurveyPolicy,
}

impl Terms {
    fn fill(&self, sql: &str) -> String {
        // Figures and a currency of three letters, as the policies have checked.
        sql.replace("{satisfied_from}", &format!("{:?}", self.surveys.satisfied_from))
            .replace("{currency}", &self.reporting.currency)
            .replace(
                "{labour_hour_minor}",
                &format!("{:.1}", self.reporting.labour_hour_minor as f64),
            )
            .replace("{visit_minor}", &format!("{:.1}", self.reporting.visit_minor as f64))
    }

    pub fn base(&self, kpi: &Kpi) -> Option<String> {
        match kpi.how {
            How::Mean | How::MeanOfParts(_) => None,
            How::SumBy(sql) | How::BaseByCount(sql) => Some(self.fill(sql)),
        }
    }
}

impl Kpi {
    /// What it says, in words: the comment at the head of its definition.
    pub fn says(&self, terms: &Terms) -> String {
        let lines = self.sql.lines().map_while(|line| line.strip_prefix("-- "));
        terms.fill(&lines.collect::<Vec<_>>().join(" "))
    }

    /// The rows of a time: `subject_kind`, `subject_id`, `label`, `part`, `at`, `value`; `$1` its first
    /// moment, `$2` the first after it.
    pub fn rows(&self, terms: &Terms) -> String {
        let lines = self.sql.lines().filter(|line| !line.starts_with("-- "));
        let sql = terms.fill(&lines.collect::<Vec<_>>().join("\n"));
        let others = self.dimensions().iter().flat_map(|dimension| dimension.figures);
        others
            .filter_map(|name| named(name))
            .fold(sql, |sql, other| sql.replace(&format!("{{{}}}", other.name), &other.rows(terms)))
    }

    /// What it is the mean of, where it is a mean of other figures.
    pub fn dimensions(&self) -> &'static [Dimension] {
        match self.how {
            How::MeanOfParts(dimensions) => dimensions,
            How::Mean | How::SumBy(_) | How::BaseByCount(_) => &[],
        }
    }
}
