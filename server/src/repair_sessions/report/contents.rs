//! What a report is made of, as it is kept.

use super::machine::{self, AssetRow, BindingRow, CalibrationRow, TicketRow};
use super::measured::{self, Measured};
use crate::app::App;
use crate::attachments::{self, Attachment, Holder};
use crate::fault_signatures::{self, Finding};
use crate::http::Problem;
use crate::repair_sessions::acceptance::Standing;
use crate::repair_sessions::axis::{self, AxisItem, Happening};
use crate::repair_sessions::entries::Entry;
use crate::repair_sessions::gate::{self, Gate};
use crate::repair_sessions::points::{self, Point};
use crate::repair_sessions::session::{self, RepairSession};
use crate::repair_sessions::verdicts::{self, RepairVerdict};
use crate::tickets::{self, HistoryStep};

/// Everything that a report says.
pub struct Contents {
    pub session: RepairSession,
    pub asset: AssetRow,
    pub ticket: Option<(TicketRow, Vec<HistoryStep>)>,
    pub findings: Vec<Finding>,
    /// What was attached to the session's work order, ticket and requests.
    pub carried: Vec<Attachment>,
    pub axis: Vec<AxisItem>,
    pub points: Vec<Point>,
    pub bindings: Vec<BindingRow>,
    pub calibrations: Vec<CalibrationRow>,
    /// The oldest version first.
    pub verdicts: Vec<RepairVerdict>,
    pub gate: Gate,
    pub standing: Standing,
    pub measured: Vec<Measured>,
}

impl Contents {
    /// What is known of a session now.
    pub async fn of(app: &App, id: &str) -> Result<Self, Problem> {
        let session = session::find(app, id).await?;
        let (ticket, findings) = match &session.ticket_id {
            Some(ticket) => (
                Some((machine::ticket(app, ticket).await?, tickets::history(app, ticket).await?)),
                fault_signatures::findings(app, ticket).await?,
            ),
            None => (None, Vec::new()),
        };
        let points = points::of_asset(app, &session.asset_id).await?;
        let verdicts = verdicts::all(app, &session).await?;
        let windows = measured::windows(&session, verdicts.last(), app.clock.now_us());
        let (gate, standing) = gate::of(app, &session).await?;
        Ok(Self {
            asset: machine::asset(app, &session.asset_id).await?,
            carried: carried(app, &session).await?,
            axis: axis::of(app, &session).await?,
            bindings: machine::bindings(app, &session.asset_id).await?,
            calibrations: machine::calibrations(app, &session.asset_id).await?,
            measured: measured::of(app, &points, &windows).await?,
            session,
            ticket,
            findings,
            points,
            verdicts,
            gate,
            standing,
        })
    }

    /// What people wrote, in the order of time.
    pub fn entries<'a>(&'a self) -> Vec<&'a Entry> {
        let entry = |item: &'a AxisItem| match &item.happening {
            Happening::Entry(entry) => Some(entry),
            _ => None,
        };
        self.axis.iter().filter_map(entry).collect()
    }

    /// Name of a file with this report, without what says its kind.
    pub fn file_name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let name: String = self.asset.name.chars().take(60).map(plain).collect();
        let at = self.session.started_at.unwrap_or(self.session.created_at);
        let date = crate::time::rfc3339(at.0);
        format!("{}-{}", name.trim_matches('-'), date.get(..10).unwrap_or_default())
    }
}

/// What came with the session; its own attachments are entries on its axis.
async fn carried(app: &App, session: &RepairSession) -> Result<Vec<Attachment>, Problem> {
    let mut all = attachments::carried(app, (Holder::RepairSession, &session.id)).await?;
    all.retain(|a| a.attached_to.kind != Holder::RepairSession);
    Ok(all)
}
