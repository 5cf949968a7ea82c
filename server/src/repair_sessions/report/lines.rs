//! From what is kept to the lines of a document.

use evidence::item::{
    Acceptance, Asset, Binding, Bucket, Calibration, Check, Entry, Finding, Gate, HiddenAlarm,
    Point, PointVerdict, Readings, Report, Session, Signed, Step, Summary, Ticket, Verdict,
};
use evidence::{Item, Line, Moment};
use serde::Serialize;
use serde_json::{Value, json};

use super::contents::Contents;
use super::measured::Measured;
use crate::attachments::Attachment;
use crate::http::Problem;
use crate::repair_sessions::acceptance;
use crate::repair_sessions::axis::Happening;
use crate::repair_sessions::entries;
use crate::repair_sessions::verdicts::RepairVerdict;
use crate::time::Time;

fn moment(time: Time) -> Moment {
    Moment(time.0)
}

fn value<T: Serialize>(of: &T) -> Result<Value, Problem> {
    serde_json::to_value(of).map_err(|e| Problem::Internal(Box::new(e)))
}

/// An enum's word, as in JSON.
fn word<T: Serialize>(of: T) -> Result<String, Problem> {
    Ok(value(&of)?.as_str().unwrap_or_default().to_owned())
}

/// All lines of a report, in the order in which it is read.
pub fn of(
    contents: &Contents,
    now_us: i64,
    made_by: &str,
    key: String,
) -> Result<Vec<Line>, Problem> {
    let mut lines = Vec::new();
    let mut add = |item: Item| lines.push(Line::from(item));
    let session = &contents.session;
    add(Item::Report(Report {
        title: session.title.clone(),
        made_at: Moment(now_us),
        made_by: made_by.to_owned(),
        key,
        software: concat!("aftercare ", env!("CARGO_PKG_VERSION")).to_owned(),
    }));
    let asset = &contents.asset;
    add(Item::Asset(Asset {
        id: asset.id.clone(),
        name: asset.name.clone(),
        kind: asset.kind.clone(),
        model: asset.model.clone(),
        serial: asset.serial.clone(),
    }));
    for item in ticket(contents)? {
        add(item);
    }
    add(Item::Session(Session {
        id: session.id.clone(),
        title: session.title.clone(),
        state: session.state.as_str().to_owned(),
        technicians: session.technicians.clone(),
        started_at: session.started_at.map(moment),
        ended_at: session.ended_at.map(moment),
    }));
    for attachment in &contents.carried {
        add(Item::Entry(carried(attachment)?));
    }
    for item in &contents.axis {
        add(happened(item.at, &item.happening)?);
    }
    for item in sensors(contents) {
        add(item);
    }
    for made in &contents.verdicts {
        for item in verdict(made)? {
            add(item);
        }
    }
    for item in accepted(contents)? {
        add(item);
    }
    for measured in &contents.measured {
        lines.extend(readings(measured));
    }
    Ok(lines)
}

fn ticket(contents: &Contents) -> Result<Vec<Item>, Problem> {
    let Some((ticket, history)) = &contents.ticket else { return Ok(Vec::new()) };
    let mut items = vec![Item::Ticket(Ticket {
        id: ticket.id.clone(),
        number: crate::tickets::number(ticket.number),
        title: ticket.title.clone(),
        state: ticket.state.clone(),
        priority: ticket.priority.clone(),
        opened_at: Moment(ticket.opened_at),
        since: Moment(ticket.since_at),
    })];
    items.extend(history.iter().map(|step| {
        Item::TicketStep(Step {
            at: moment(step.at),
            from: step.from.map(|s| s.as_str().to_owned()),
            to: step.to.as_str().to_owned(),
            who: step.who.clone(),
            why: step.why.clone(),
        })
    }));
    items.extend(contents.findings.iter().map(|f| {
        Item::Finding(Finding {
            at: moment(f.at),
            who: f.by.clone(),
            cause: f.cause.clone(),
            text: f.note.clone(),
            remedy: f.remedy.clone(),
            parts: f.parts.clone(),
        })
    }));
    Ok(items)
}

fn happened(at: Time, happening: &Happening) -> Result<Item, Problem> {
    Ok(match happening {
        Happening::Step(step) => Item::SessionStep(Step {
            at: moment(at),
            from: step.from.map(|s| s.as_str().to_owned()),
            to: step.to.as_str().to_owned(),
            who: step.who.clone(),
            why: step.why.clone(),
        }),
        Happening::Entry(entry) => Item::Entry(written(entry)?),
        Happening::HiddenAlarm(alarm) => Item::HiddenAlarm(HiddenAlarm {
            id: alarm.id().to_owned(),
            summary: alarm.summary().to_owned(),
            raised_at: moment(alarm.raised_at()),
            cleared_at: alarm.cleared_at().map(moment),
        }),
    })
}

fn written(entry: &entries::Entry) -> Result<Entry, Problem> {
    let mut content = match value(&entry.content)? {
        Value::Object(content) => content,
        other => return Err(Problem::Internal(format!("entry {other}").into())),
    };
    content.remove("kind");
    Ok(Entry {
        id: entry.id.clone(),
        at: moment(entry.at),
        device_at: entry.device_at.map(moment),
        recorded_at: moment(entry.recorded_at),
        author: entry.author.clone(),
        corrects: entry.corrects.clone(),
        kind: entry.content.kind().to_owned(),
        content,
    })
}

/// What came with the session: an entry like those of its own attachments, which says where it is from.
fn carried(attachment: &Attachment) -> Result<Entry, Problem> {
    let content = json!({
        "sha256": attachment.sha256,
        "media_type": attachment.media_type,
        "bytes": attachment.bytes,
        "caption": attachment.title,
        "attached_to": value(&attachment.attached_to)?,
    });
    let Value::Object(content) = content else {
        return Err(Problem::Internal("a carried attachment".into()));
    };
    Ok(Entry {
        id: attachment.id.clone(),
        at: moment(attachment.at),
        device_at: None,
        recorded_at: moment(attachment.at),
        author: attachment.by.clone().unwrap_or_else(|| "customer".to_owned()),
        corrects: None,
        kind: "attached".to_owned(),
        content,
    })
}

fn sensors(contents: &Contents) -> Vec<Item> {
    let points = contents.points.iter().map(|p| {
        Item::Point(Point {
            id: p.id.clone(),
            name: p.name.clone(),
            quantity: p.quantity.clone(),
            position: p.position.clone(),
            unit: p.unit.clone(),
        })
    });
    let bindings = contents.bindings.iter().map(|b| {
        Item::Binding(Binding {
            point_id: b.point_id.clone(),
            point_name: b.point_name.clone(),
            board: b.board_id.clone(),
            channel: b.channel.clone(),
            unit: b.unit.clone(),
            from: (b.valid_from > 0).then_some(Moment(b.valid_from)),
            to: (b.valid_to < i64::MAX).then_some(Moment(b.valid_to)),
        })
    });
    let calibrations = contents.calibrations.iter().map(|c| {
        Item::Calibration(Calibration {
            board: c.board_id.clone(),
            channel: c.channel.clone(),
            unit: c.unit.clone(),
            from: Moment(c.valid_from),
            scale: c.scale,
            offset: c.offset_by,
            note: c.note.clone(),
            by: c.who.clone(),
            entered_at: Moment(c.created_at),
        })
    });
    points.chain(bindings).chain(calibrations).collect()
}

fn verdict(made: &RepairVerdict) -> Result<Vec<Item>, Problem> {
    let content = &made.content;
    let mut items = vec![Item::Verdict(Verdict {
        version: made.version,
        overall: word(made.overall)?,
        made_at: moment(made.made_at),
        by: made.by.clone(),
        why: made.why.clone(),
        content: json!({
            "windows": value(&content.windows)?,
            "load": value(&content.load)?,
            "terms": value(&content.terms)?,
        }),
    })];
    for point in &content.points {
        items.push(Item::PointVerdict(PointVerdict {
            version: made.version,
            point_id: point.point_id.clone(),
            point_name: point.point_name.clone(),
            unit: point.unit.clone(),
            verdict: word(point.verdict)?,
            reasons: point.reasons.clone(),
            judgement: point.judgement.clone(),
            thinned: value(&point.thinned)?,
        }));
    }
    Ok(items)
}

fn signed(signed: &acceptance::Signed) -> Signed {
    Signed { name: signed.name.clone(), why: signed.why.clone(), at: moment(signed.at) }
}

fn accepted(contents: &Contents) -> Result<Vec<Item>, Problem> {
    let standing = &contents.standing;
    let test = standing.test.as_ref().map(|t| format!("{}, version {}", t.name, t.version));
    let mut items = vec![Item::Acceptance(Acceptance {
        test,
        since: standing.since.map(moment),
        outcome: word(standing.outcome)?,
        exception: standing.exception.as_ref().map(signed),
    })];
    for check in &standing.checks {
        items.push(Item::Check(Check {
            id: check.id.clone(),
            name: check.name.clone(),
            outcome: word(check.outcome)?,
            text: check.text.clone(),
            confirmed: check.confirmed.as_ref().map(signed),
            exception: check.exception.as_ref().map(signed),
            points: value(&check.points)?,
        }));
    }
    let gate = &contents.gate;
    items.push(Item::Gate(Gate {
        may_leave: gate.may_leave,
        missing: gate.missing.iter().map(|m| m.text.clone()).collect(),
        left_at: gate.left_at.map(moment),
    }));
    Ok(items)
}

fn readings(measured: &Measured) -> Vec<Line> {
    let bucket = |(at, b): &(i64, store::Bucket)| Bucket {
        at: Moment(*at),
        count: b.count,
        min: b.min,
        mean: b.mean(),
        max: b.max,
    };
    let all = measured.buckets.iter().map(|(_, b)| b.count).sum();
    let point = &measured.point;
    let (from, to) = (Moment(measured.range.from_us), Moment(measured.range.to_us));
    let summary = Summary {
        point_id: point.id.clone(),
        point_name: point.name.clone(),
        window: measured.window.to_owned(),
        from,
        to,
        unit: point.unit.clone(),
        readings: all,
        bucket_us: measured.bucket_us,
        buckets: measured.buckets.iter().map(bucket).collect(),
    };
    let head = Readings {
        point_id: point.id.clone(),
        point_name: point.name.clone(),
        window: measured.window.to_owned(),
        from,
        to,
        unit: point.unit.clone(),
        of: all,
        shown: measured.readings.len() as u64,
        blocks: measured.blocks,
    };
    let reading = |s: &::telemetry::pack::Sample| Line::Reading(Moment(s.measured_at_us), s.value);
    [Item::Summary(summary), Item::Readings(head)]
        .into_iter()
        .map(Line::from)
        .chain(measured.readings.iter().map(reading))
        .collect()
}
