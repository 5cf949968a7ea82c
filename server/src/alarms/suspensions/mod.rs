//! Suspensions: what hides alarms of an asset for a while, and what it hid.
//!
//! A suspension is planned, runs, and ends: at its time, or because somebody ends it. What is raised
//! while it runs is recorded all the same. When it ends, an alarm whose condition still holds comes
//! out as unacknowledged and opens or joins its ticket; the others stay in the list of what it hid.

mod design;
mod kind;
mod list;
mod people;
mod prolonging;
mod settling;

pub(crate) use design::{
    __path_add as __path_add_rule, __path_delete as __path_delete_rule,
    __path_list as __path_list_rules, add as add_rule, delete as delete_rule, list as list_rules,
};
pub use kind::SuspensionKind;
pub(crate) use list::{__path_list, __path_show, list, show};
pub(crate) use people::{
    __path_add, __path_end, __path_shelve, __path_unshelve, add, end, shelve, unshelve,
};
pub(crate) use prolonging::prolong;

use sqlx::{Any, FromRow, Transaction};

use super::class::Class;
use super::ledger::{Changes, Kept, Ledger};
use super::list::{Alarm, of_suspension};
use super::state::Step;
use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;

/// What to hide, and why.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suspend<'a> {
    pub asset_id: &'a str,
    /// One alarm of the asset; `None`: all of them.
    pub tag: Option<&'a str>,
    pub kind: SuspensionKind,
    /// Alarms of the class safety stay visible even where the kind may hide them.
    pub keep_safety: bool,
    /// From when on, microseconds; a time to come is planned.
    pub from_at: i64,
    /// `None`: until somebody ends it.
    pub until_at: Option<i64>,
    pub reason: &'a str,
    pub who: &'a str,
    /// The time now.
    pub now: i64,
}

/// Hides alarms from `from_at` on, in the caller's transaction, whose first write has to be this or
/// [`super::hold`]. After its commit call [`suspended`]. Answers the id of the suspension.
///
/// # Errors
/// [`Problem::Conflict`] when the same alarm (or the asset) is already shelved, out of service or
/// under repair; [`Problem::Invalid`] when it would end before it begins.
pub(crate) async fn suspend(
    tx: &mut Transaction<'_, Any>,
    wanted: &Suspend<'_>,
) -> Result<String, Problem> {
    let mut ledger = Ledger::hold(tx, wanted.asset_id, wanted.now).await?;
    ledger.settle().await?;
    ledger.suspend(wanted, None).await
}

/// Tells watchers what changed with a suspension that was committed, and lets it end by itself.
pub(crate) async fn suspended(app: &App, id: &str) -> Result<(), Problem> {
    let touched: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT DISTINCT l.id, l.ticket_id FROM alarm_suspensions s \
         JOIN alarms l ON l.asset_id = s.asset_id \
         JOIN alarm_steps t ON t.alarm_id = l.id AND t.at >= s.created_at WHERE s.id = $1",
    )
    .bind(id)
    .fetch_all(&app.database)
    .await?;
    let mut changes = Changes::default();
    for (alarm_id, ticket_id) in touched {
        changes.alarms.insert(alarm_id);
        changes.tickets.extend(ticket_id);
    }
    changes.announce(app).await
}

/// Ends a suspension now. `at` is when it ended. Ending it again changes nothing.
pub(crate) async fn resume(
    app: &App,
    suspension_id: &str,
    at: i64,
    who: &str,
    why: &str,
) -> Result<(), Problem> {
    let asset: Option<String> =
        sqlx::query_scalar("SELECT asset_id FROM alarm_suspensions WHERE id = $1")
            .bind(suspension_id)
            .fetch_optional(&app.database)
            .await?;
    let asset = asset.ok_or(Problem::NotFound("suspension"))?;
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, &asset, app.clock.now_us()).await?;
    ledger.settle().await?;
    ledger.end(suspension_id, at, who, why).await?;
    let changes = ledger.changes;
    tx.commit().await?;
    changes.announce(app).await
}

/// What a suspension hid, the oldest first; also after it has ended.
pub(crate) async fn hidden_by(app: &App, suspension_id: &str) -> Result<Vec<Alarm>, Problem> {
    of_suspension(app, suspension_id).await
}

/// A suspension as the rules need it.
#[derive(Debug, FromRow)]
struct Row {
    id: String,
    tag: Option<String>,
    kind: String,
    keep_safety: i64,
    until_at: Option<i64>,
    reason: String,
    who: String,
}

/// Columns of [`Row`].
const ROW: &str = "id, tag, kind, keep_safety, until_at, reason, who";

/// A suspension that hides an alarm.
pub(super) struct Cover {
    id: String,
    pub kind: SuspensionKind,
    reason: String,
    who: String,
}

impl Row {
    fn cover(self, class: Class) -> Result<Option<Cover>, Problem> {
        let kind = SuspensionKind::parse(&self.kind)?;
        let hides = kind.hides(class, self.tag.is_some(), self.keep_safety != 0);
        let Self { id, reason, who, .. } = self;
        Ok(hides.then_some(Cover { id, kind, reason, who }))
    }
}

impl Ledger<'_, '_> {
    /// Records a suspension and begins it when it is time.
    pub(super) async fn suspend(
        &mut self,
        wanted: &Suspend<'_>,
        rule_id: Option<&str>,
    ) -> Result<String, Problem> {
        if wanted.until_at.is_some_and(|until| until <= wanted.from_at) {
            return Err(Problem::Invalid("it has to end after it begins".into()));
        }
        let id = new_id();
        let new = sqlx::query(
            "INSERT INTO alarm_suspensions (id, asset_id, tag, kind, keep_safety, from_at, \
             until_at, reason, who, created_at, rule_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        )
        .bind(&id)
        .bind(&self.asset_id)
        .bind(wanted.tag)
        .bind(wanted.kind.as_str())
        .bind(i64::from(wanted.keep_safety))
        .bind(wanted.from_at)
        .bind(wanted.until_at)
        .bind(wanted.reason)
        .bind(wanted.who)
        .bind(self.now)
        .bind(rule_id)
        .execute(&mut **self.tx)
        .await?;
        if new.rows_affected() == 0 {
            let kind = wanted.kind.as_str().replace('_', " ");
            let what = wanted.tag.map_or("this machine".to_owned(), |tag| format!("alarm {tag:?}"));
            return Err(Problem::Conflict(format!("{what} has one of the kind {kind} already")));
        }
        if wanted.from_at <= self.now {
            self.begin(&id).await?;
        }
        Ok(id)
    }

    /// A planned suspension runs from now on and hides what is active.
    async fn begin(&mut self, id: &str) -> Result<(), Problem> {
        let sql = format!(
            "UPDATE alarm_suspensions SET began_at = $2 WHERE id = $1 AND began_at IS NULL \
             AND ended_at IS NULL RETURNING {ROW}"
        );
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .bind(self.now)
            .fetch_optional(&mut **self.tx)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let tag = row.tag.unwrap_or_default();
        let seen = "($2 = '' OR l.tag = $2) AND l.hidden_by IS NULL \
             AND l.state NOT IN ('normal', 'unacknowledged_cleared')";
        for alarm in self.kept(seen, &tag).await? {
            self.hide_if_covered(&alarm, None).await?;
        }
        Ok(())
    }

    /// Ends a suspension that has not ended yet, and lets out what it hid.
    pub(super) async fn end(
        &mut self,
        id: &str,
        at: i64,
        who: &str,
        why: &str,
    ) -> Result<(), Problem> {
        let ended = sqlx::query(
            "UPDATE alarm_suspensions SET ended_at = $2, ended_by = $3, ended_why = $4 \
             WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(id)
        .bind(at)
        .bind(who)
        .bind(why)
        .execute(&mut **self.tx)
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(());
        }
        for alarm in self.kept("l.hidden_by = $2", id).await? {
            self.come_out(&alarm, who, why).await?;
        }
        Ok(())
    }

    /// A running suspension that hides an alarm. With the measured time of an occurrence also one
    /// that ran then and has ended: readings can come late.
    pub(super) async fn covering(
        &mut self,
        tag: &str,
        class: Class,
        measured_at: Option<i64>,
    ) -> Result<Option<Cover>, Problem> {
        let sql = format!(
            "SELECT {ROW} FROM alarm_suspensions WHERE asset_id = $1 AND (tag IS NULL OR tag = $2) \
             AND began_at IS NOT NULL AND (ended_at IS NULL OR (from_at <= $3 AND $3 < ended_at)) \
             ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, id"
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&self.asset_id)
            .bind(tag)
            .bind(measured_at.unwrap_or(i64::MAX))
            .fetch_all(&mut **self.tx)
            .await?;
        for row in rows {
            if let Some(cover) = row.cover(class)? {
                return Ok(Some(cover));
            }
        }
        Ok(None)
    }

    /// Hides an alarm when a suspension covers it, and says whether it did.
    pub(super) async fn hide_if_covered(
        &mut self,
        alarm: &Kept,
        measured_at: Option<i64>,
    ) -> Result<bool, Problem> {
        let Some(cover) = self.covering(&alarm.tag, alarm.class()?, measured_at).await? else {
            return Ok(false);
        };
        let step = Step::Hide(cover.kind.state());
        let (who, why) = (cover.who.clone(), cover.reason.clone());
        if self.step(alarm, step, &who, &why).await?.is_none() {
            // From one suspension under another of the same state.
            let state = alarm.state()?;
            self.record(&alarm.id, Some(state), state, &who, &why).await?;
        }
        self.note_hidden(&alarm.id, &cover).await?;
        Ok(true)
    }

    /// Writes down what hides an alarm.
    pub(super) async fn note_hidden(&mut self, id: &str, cover: &Cover) -> Result<(), Problem> {
        sqlx::query(
            "INSERT INTO alarm_hides (suspension_id, alarm_id, hidden_at) VALUES ($1, $2, $3) \
             ON CONFLICT (suspension_id, alarm_id) DO UPDATE SET came_out_at = NULL",
        )
        .bind(&cover.id)
        .bind(id)
        .bind(self.now)
        .execute(&mut **self.tx)
        .await?;
        sqlx::query("UPDATE alarms SET hidden_by = $2 WHERE id = $1")
            .bind(id)
            .bind(&cover.id)
            .execute(&mut **self.tx)
            .await?;
        Ok(())
    }

    /// What hid an alarm is over: another suspension hides it on, or it comes out.
    async fn come_out(&mut self, alarm: &Kept, who: &str, why: &str) -> Result<(), Problem> {
        sqlx::query(
            "UPDATE alarm_hides SET came_out_at = $3 WHERE suspension_id = $1 AND alarm_id = $2",
        )
        .bind(&alarm.hidden_by)
        .bind(&alarm.id)
        .bind(self.now)
        .execute(&mut **self.tx)
        .await?;
        let holds = alarm.cleared_at.is_none();
        if (holds || alarm.latched != 0) && self.hide_if_covered(alarm, None).await? {
            return Ok(());
        }
        sqlx::query("UPDATE alarms SET hidden_by = NULL WHERE id = $1")
            .bind(&alarm.id)
            .execute(&mut **self.tx)
            .await?;
        let step = match (holds, alarm.latched != 0) {
            (true, _) => Step::ReturnActive,
            (false, true) => Step::ReturnLatched,
            (false, false) => Step::ReturnCleared,
        };
        self.step(alarm, step, who, why).await?;
        if holds {
            self.open_or_join_ticket(alarm).await?;
        }
        Ok(())
    }
}
