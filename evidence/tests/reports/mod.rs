//! Reports to be altered.

use evidence::item::{
    Acceptance, Asset, Binding, Bucket, Calibration, Check, Entry, Finding, Gate, HiddenAlarm,
    Point, PointVerdict, Readings, Report, Session, Signed, Step, Summary, Ticket, Verdict,
};
use evidence::{Document, Item, Line, Moment, Photo, Signer, page};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// 2026-01-31T10:00:00Z.
pub const START: Moment = Moment(1_769_853_600_000_000);

pub fn signer() -> Signer {
    Signer::from_seed(&[42; 32])
}

fn later(minutes: i64) -> Moment {
    Moment(START.0 + minutes * 60_000_000)
}

pub fn photo() -> Photo {
    let bytes = b"\x89PNG\r\n\x1a\n not really".to_vec();
    let sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    Photo { sha256, media_type: "image/png".into(), bytes }
}

fn entry(id: &str, minutes: i64, kind: &str, content: Value) -> Item {
    Item::Entry(Entry {
        id: id.into(),
        at: later(minutes),
        device_at: Some(later(minutes)),
        recorded_at: later(minutes),
        author: "A. Ohm".into(),
        corrects: None,
        kind: kind.into(),
        content: content.as_object().cloned().unwrap_or_default(),
    })
}

fn step(minutes: i64, from: Option<&str>, to: &str) -> Step {
    Step {
        at: later(minutes),
        from: from.map(str::to_owned),
        to: to.into(),
        who: "A. Ohm".into(),
        why: "as planned & <agreed>".into(),
    }
}

fn window(point: &str, name: &str, minutes: i64, readings: i64) -> Vec<Line> {
    let value = |i: i64| 61.5 + (i % 7) as f64 / 10.0;
    let bucket = |i: i64| Bucket {
        at: later(minutes + i),
        count: 60,
        min: value(i) - 0.3,
        mean: value(i),
        max: value(i) + 0.4,
    };
    let (point_id, point_name) = (point.to_lowercase(), point.to_owned());
    let (window, unit) = (name.to_owned(), "Cel".to_owned());
    let (from, to) = (later(minutes), later(minutes + 10));
    let summary = Summary {
        point_id: point_id.clone(),
        point_name: point_name.clone(),
        window: window.clone(),
        from,
        to,
        unit: unit.clone(),
        readings: 600,
        bucket_us: 60_000_000,
        buckets: (0..10).filter(|i| *i != 4).map(bucket).collect(),
    };
    let head = Readings {
        point_id,
        point_name,
        window,
        from,
        to,
        unit,
        of: 600,
        shown: readings as u64,
        blocks: Some(1),
    };
    let reading = |i: i64| Line::Reading(Moment(from.0 + i * 1_000_000), value(i));
    [Item::Summary(summary).into(), Item::Readings(head).into()]
        .into_iter()
        .chain((0..readings).map(reading))
        .collect()
}

/// Every kind of item once or twice, and so many readings in each of three windows.
pub fn lines(readings: i64) -> Vec<Line> {
    let photo = photo();
    let words = |name: &str| Signed { name: name.into(), why: "dry".into(), at: later(50) };
    let effect = json!({"value": -3.2, "low": -3.5, "high": -2.9});
    let items = [
        Item::Report(Report {
            title: "Clean the strainer".into(),
            made_at: later(90),
            made_by: "laptop".into(),
            key: signer().public().fingerprint(),
            software: "aftercare 0.1.0".into(),
        }),
        Item::Asset(Asset {
            id: "a1".into(),
            name: "Pump 7".into(),
            kind: "pump".into(),
            model: Some("CP 50-200".into()),
            serial: Some("S-4711".into()),
        }),
        Item::Ticket(Ticket {
            id: "t1".into(),
            number: "T-12".into(),
            title: "Inlet temperature is unusually high".into(),
            state: "resolved".into(),
            priority: "medium".into(),
            opened_at: later(-60),
            since: later(-70),
        }),
        Item::TicketStep(step(-60, None, "open")),
        Item::Finding(Finding {
            at: later(80),
            who: "A. Ohm".into(),
            cause: "clogged_strainer".into(),
            text: "leaves".into(),
            remedy: "cleaned".into(),
            parts: vec!["DI-50-N".into()],
        }),
        Item::Session(Session {
            id: "s1".into(),
            title: "Clean the strainer".into(),
            state: "verified".into(),
            technicians: vec!["A. Ohm".into()],
            started_at: Some(START),
            ended_at: Some(later(30)),
        }),
        Item::SessionStep(step(0, Some("draft"), "running")),
        Item::SessionStep(step(30, Some("running"), "acceptance_test")),
        entry("e1", 5, "step_done", json!({"text": "strainer opened"})),
        entry("e2", 12, "part_used", json!({"part_number": "DI-50-N", "quantity": 1.0})),
        entry(
            "e3",
            14,
            "attached",
            json!({"sha256": photo.sha256, "media_type": photo.media_type, "bytes": 19,
                   "caption": "The strainer"}),
        ),
        entry(
            "e4",
            40,
            "signed_off",
            json!({"role": "customer", "name": "B. Volt", "statement": "it runs"}),
        ),
        Item::HiddenAlarm(HiddenAlarm {
            id: "h1".into(),
            summary: "Current is unusually low".into(),
            raised_at: later(2),
            cleared_at: Some(later(29)),
        }),
        Item::Point(Point {
            id: "inlet".into(),
            name: "Inlet".into(),
            quantity: "temperature".into(),
            position: "inlet".into(),
            unit: "Cel".into(),
        }),
        Item::Binding(Binding {
            point_id: "inlet".into(),
            point_name: "Inlet".into(),
            board: "pump-7".into(),
            channel: "t1".into(),
            unit: "Cel".into(),
            from: None,
            to: None,
        }),
        Item::Calibration(Calibration {
            board: "pump-7".into(),
            channel: "t1".into(),
            unit: "Cel".into(),
            from: later(-10_000),
            scale: 1.01,
            offset: -0.4,
            note: "certificate 88-1".into(),
            by: "laboratory".into(),
            entered_at: later(-9_000),
        }),
        Item::Verdict(Verdict {
            version: 1,
            overall: "fixed".into(),
            made_at: later(70),
            by: "A. Ohm".into(),
            why: "after the work".into(),
            content: json!({"terms": {"load": "usual"}}),
        }),
        Item::PointVerdict(PointVerdict {
            version: 1,
            point_id: "inlet".into(),
            point_name: "Inlet".into(),
            unit: "Cel".into(),
            verdict: "fixed".into(),
            reasons: vec!["as on the healthy machine within 0.5".into()],
            judgement: json!({"effect": {"after_less_before": effect}}),
            thinned: json!({}),
        }),
        Item::Acceptance(Acceptance {
            test: Some("Pumps CP 50-200, version 1".into()),
            since: Some(later(30)),
            outcome: "pass".into(),
            exception: None,
        }),
        Item::Check(Check {
            id: "dry".into(),
            name: "No leak".into(),
            outcome: "pass".into(),
            text: "A. Ohm confirmed: the seal is dry".into(),
            confirmed: Some(words("A. Ohm")),
            exception: Some(words("B. Volt")),
            points: json!([]),
        }),
        Item::Gate(Gate { may_leave: true, missing: Vec::new(), left_at: Some(later(60)) }),
    ];
    let mut lines: Vec<Line> = items.into_iter().map(Line::from).collect();
    for (name, minutes) in [("healthy", -200), ("before", -70), ("after", 40)] {
        lines.extend(window("Inlet", name, minutes, readings));
    }
    lines
}

/// The two files of one report.
pub fn files(lines: &[Line]) -> (Vec<u8>, Vec<u8>) {
    let document = Document::write(lines, &signer()).unwrap();
    let page = page(lines, &[photo()], &document, &signer());
    (document.into_bytes(), page)
}
