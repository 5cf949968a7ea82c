//! The words of messages.

use std::collections::BTreeSet;

use super::*;
use crate::notifications::kind::Kind;
use crate::notifications::templates::{Style, Templates};

const AT: i64 = START + 6 * HOUR;

/// One of each kind.
fn samples() -> Vec<What<'static>> {
    let (number, machine, summary) = ("T-7", "Pump 7", "it leaks");
    let (technician, from_at, until_at) = ("Li Na", AT, AT + HOUR);
    vec![
        What::RequestReceived { number, summary },
        What::RequestAnswered { number, summary, answer: "Turn it off and on." },
        What::TicketOpened { number, machine, summary },
        What::TicketResolved { number, machine, summary },
        What::TicketClosed { number, machine, summary },
        What::VisitPlanned { number, machine, technician, from_at, until_at },
        What::VisitChanged {
            number,
            machine,
            technician,
            from_at,
            until_at,
            reason: "snow",
            cancelled: false,
        },
        What::VisitReminder { number, machine, technician, from_at, until_at },
        What::WorkOrderAssigned { number, machine, summary, from_at },
        What::DispatchWanted { number, machine, reason: "Bo is away" },
        What::ApprovalWanted {
            number,
            proposal: "new seal",
            amount: "120 CNY",
            requested_by: "Bo",
        },
        What::ApprovalDecided {
            number,
            proposal: "new seal",
            approved: true,
            decided_by: "Bo",
            reason: "cheap",
        },
        What::SlaDueSoon { number, promise: "first_response", due_at: AT },
        What::SlaBreached { number, promise: "first_response", due_at: AT },
        What::AlarmEscalated { machine, alarm: "hot", priority: "critical" },
        What::SurveyInvitation { number: Some(number), machine: Some(machine) },
        What::CallBackDue { number, customer: "Wang Ltd", due_at: AT },
        What::ReturnStep { number, item: "valve", step: "picked up" },
        What::ShipmentUpdate { number, item: "valve", status: "on its way" },
        What::ShipmentLate { number, item: "valve", promised_at: AT },
        What::CareReminder { machine, advice: "clean the filter" },
        What::PlaybookStarted {
            playbook: "Flooding",
            case: "T-7, Pump 7",
            drill: true,
            started_by: "Bo",
        },
        What::LowStock { part: "seal", depot: "north", left: 2, minimum: 5 },
        What::PasswordReset { hours: 24 },
        What::AccountInvitation { invited_by: "Ada", hours: 72 },
        What::Test { tried_by: "Ada" },
    ]
}

#[test]
fn every_event_is_written_in_every_language_with_all_its_facts() -> anyhow::Result<()> {
    let templates = Templates::load()?;
    let samples = samples();
    assert_eq!(samples.iter().map(What::kind).collect::<Vec<_>>(), Kind::ALL);
    for what in samples {
        let (kind, facts) = (what.kind(), serde_json::to_value(what)?);
        let names = facts.as_object().into_iter().flat_map(|f| f.keys().cloned());
        let needed: BTreeSet<String> = names.chain(["link".to_owned()]).collect();
        for language in Language::ALL {
            let environment = templates.of(language);
            let mut used = BTreeSet::new();
            for part in ["subject", "text"] {
                let template = environment.get_template(&format!("{}.{part}", kind.as_str()))?;
                used.extend(template.undeclared_variables(false));
            }
            assert_eq!(used, needed, "{} in {}", kind.as_str(), language.as_str());
            let style = Style { language, time_zone: "Asia/Taipei", link: "https://s.example/x" };
            let written = templates.write(kind, &facts, &style)?;
            assert!(written.text.contains("https://s.example/x"), "{written:?}");
            assert!(!written.title.is_empty() && !written.title.contains('\n'), "{written:?}");
        }
    }
    Ok(())
}

#[test]
fn a_missing_fact_is_an_error_and_no_empty_place() -> anyhow::Result<()> {
    let templates = Templates::load()?;
    let style = Style { language: Language::English, time_zone: "UTC", link: "" };
    assert!(templates.write(Kind::TicketClosed, &json!({"number": "T-7"}), &style).is_err());
    Ok(())
}

#[test]
fn times_and_terms_are_those_of_the_reader() -> anyhow::Result<()> {
    let templates = Templates::load()?;
    let what = What::SlaDueSoon { number: "T-7", promise: "first_response", due_at: AT };
    let facts = serde_json::to_value(what)?;
    let title = |language, time_zone| {
        let style = Style { language, time_zone, link: "" };
        templates.write(Kind::SlaDueSoon, &facts, &style).map(|written| written.title)
    };
    let english = "Due soon: first response for T-7, Thu 1 January 2026, 07:00";
    assert_eq!(title(Language::English, "Europe/Berlin")?, english);
    let utc = "Due soon: first response for T-7, Thu 1 January 2026, 06:00 UTC";
    assert_eq!(title(Language::English, "UTC")?, utc);
    let simplified = "即将到期：T-7 的首次响应，2026年1月1日（周四）14:00";
    assert_eq!(title(Language::SimplifiedChinese, "Asia/Shanghai")?, simplified);
    let traditional = "即將到期：T-7 的首次回應，2026年1月1日（週四）14:00";
    assert_eq!(title(Language::TraditionalChinese, "Asia/Taipei")?, traditional);
    Ok(())
}

#[test]
fn whoever_is_asked_about_the_whole_service_reads_of_no_ticket() -> anyhow::Result<()> {
    let templates = Templates::load()?;
    let what = What::SurveyInvitation { number: None, machine: None };
    for language in Language::ALL {
        let style = Style { language, time_zone: "UTC", link: "https://s.example/x" };
        let written = templates.write(what.kind(), &serde_json::to_value(what)?, &style)?;
        let all = format!("{} {}", written.title, written.text);
        let left = ["none", "null", "()", "（", "  "].into_iter().find(|word| all.contains(word));
        assert_eq!(left, None, "{all}");
    }
    Ok(())
}

#[test]
fn what_people_write_stays_as_they_wrote_it() -> anyhow::Result<()> {
    let templates = Templates::load()?;
    let style = Style { language: Language::English, time_zone: "UTC", link: "" };
    let facts = json!({"number": "R-1", "summary": "<b>{{ link }}</b> & \"more\""});
    let written = templates.write(Kind::RequestReceived, &facts, &style)?;
    assert!(written.text.contains("<b>{{ link }}</b> & \"more\""), "{}", written.text);
    Ok(())
}

#[test]
fn a_visit_that_is_called_off_is_not_said_to_have_another_time() -> anyhow::Result<()> {
    let templates = Templates::load()?;
    let what = What::VisitChanged {
        number: "W-7",
        machine: "Pump 7",
        technician: "Li Na",
        from_at: AT,
        until_at: AT + HOUR,
        reason: "snow",
        cancelled: true,
    };
    let style = Style { language: Language::English, time_zone: "UTC", link: "" };
    let written = templates.write(what.kind(), &serde_json::to_value(what)?, &style)?;
    assert!(written.title.starts_with("Called off"), "{written:?}");
    assert!(!written.text.contains("New time"), "{written:?}");
    Ok(())
}
