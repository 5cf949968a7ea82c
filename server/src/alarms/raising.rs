//! An alarm is raised, grows and is over. Saying the same thing again changes nothing: readings are
//! judged a second time after a crash.

use sqlx::{Any, Transaction};

use super::class::{Class, Priority};
use super::deviation::{self, Deviation};
use super::ledger::{DETECTION, Kept, Ledger};
use super::state::{AlarmState, Step};
use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;
use crate::limits::{CHATTER_RAISES, CHATTER_WINDOW_US};
use crate::metrics::Metrics;

/// An alarm as whoever found it says it.
#[derive(Debug, Clone)]
pub(crate) struct Raise {
    /// Which alarm of the asset: `deviation`, `limit:<rule>:<point>`, `sensor:stuck:<point>`. Stable:
    /// all occurrences of one alarm share it.
    pub tag: String,
    pub class: Class,
    pub priority: Priority,
    /// Which ticket of the asset it opens or joins. `None`: no ticket, because the health of a
    /// sensor, for one, never becomes a fault of the machine.
    pub signature: Option<String>,
    /// One line for people.
    pub summary: String,
    /// Measured time at which it began, microseconds.
    pub since_at: i64,
    /// Measured time at which it was certain, microseconds; with asset and tag, its identity.
    pub raised_at: i64,
    pub deviations: Vec<Deviation>,
    /// Stays when its condition is over, until a person resets it.
    pub latched: bool,
}

/// Raises an alarm, or lets it join one of the same tag that still goes on.
pub(crate) async fn raise(app: &App, asset_id: &str, new: Raise) -> Result<(), Problem> {
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, asset_id, app.clock.now_us()).await?;
    ledger.settle().await?;
    let outcome = ledger.raise(&new).await?;
    let changes = ledger.changes;
    tx.commit().await?;
    let count = match outcome {
        Outcome::Known => None,
        Outcome::Hidden => Some(&app.metrics.hidden),
        Outcome::Visible => Some(&app.metrics.raised),
    };
    if let Some(counter) = count {
        Metrics::add(counter, 1);
        tracing::info!(
            asset.id = asset_id,
            alarm.tag = new.tag,
            hidden = matches!(outcome, Outcome::Hidden),
            "An alarm was raised: {}",
            new.summary
        );
    }
    changes.announce(app).await
}

/// The condition has grown: the alarm and its ticket show the newest words and figures. When the ticket was
/// closed or cancelled meanwhile, this counts as a recurrence.
pub(crate) async fn worsen(
    app: &App,
    asset_id: &str,
    tag: &str,
    summary: &str,
    deviations: &[Deviation],
) -> Result<(), Problem> {
    let json = deviation::write(deviations)?;
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, asset_id, app.clock.now_us()).await?;
    ledger.settle().await?;
    ledger.worsen(tag, summary, json).await?;
    let changes = ledger.changes;
    tx.commit().await?;
    changes.announce(app).await
}

/// The condition is over since the measured time `at_us`.
pub(crate) async fn clear(app: &App, asset_id: &str, tag: &str, at_us: i64) -> Result<(), Problem> {
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, asset_id, app.clock.now_us()).await?;
    // Cleared first: what was over before its suspension ended does not come out as active.
    ledger.clear(tag, at_us).await?;
    ledger.settle().await?;
    let changes = ledger.changes;
    tx.commit().await?;
    changes.announce(app).await
}

/// What became of a raised alarm.
enum Outcome {
    /// It had been said before.
    Known,
    /// A suspension hides it.
    Hidden,
    /// People see it.
    Visible,
}

impl Ledger<'_, '_> {
    async fn raise(&mut self, new: &Raise) -> Result<Outcome, Problem> {
        let joined = self.goes_on(new).await?;
        let id = joined.as_ref().map_or_else(new_id, |kept| kept.id.clone());
        if !first_said(self.tx, &self.asset_id, new, &id).await? {
            return Ok(Outcome::Known);
        }
        let chattering_until = self.chattering_until(new).await?;
        let hidden = match joined {
            Some(kept) => self.join(&kept, new, chattering_until).await?,
            None => self.add(&id, new, chattering_until).await?,
        };
        self.suppress_explained(&new.tag).await?;
        Ok(if hidden { Outcome::Hidden } else { Outcome::Visible })
    }

    /// The alarm of the same tag that a new occurrence belongs to: one whose condition holds, one
    /// that is latched, or one that chatters.
    async fn goes_on(&mut self, new: &Raise) -> Result<Option<Kept>, Problem> {
        let Some(last) = self.newest("1 = 1", &new.tag).await? else { return Ok(None) };
        let chatters = last
            .chattering_until
            .is_some_and(|until| (last.last_raised_at..=until).contains(&new.raised_at));
        let goes_on = last.cleared_at.is_none() || last.state()?.is_latched() || chatters;
        Ok(goes_on.then_some(last))
    }

    /// Until when a new occurrence joins this one, when it is one of many.
    async fn chattering_until(&mut self, new: &Raise) -> Result<Option<i64>, Problem> {
        let raised: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM alarm_occurrences WHERE asset_id = $1 AND tag = $2 \
             AND raised_at > $3 AND raised_at <= $4",
        )
        .bind(&self.asset_id)
        .bind(&new.tag)
        .bind(new.raised_at.saturating_sub(CHATTER_WINDOW_US))
        .bind(new.raised_at)
        .fetch_one(&mut **self.tx)
        .await?;
        Ok((raised >= CHATTER_RAISES).then(|| new.raised_at.saturating_add(CHATTER_WINDOW_US)))
    }

    /// One more occurrence of an alarm that is there. Says whether it is hidden.
    async fn join(
        &mut self,
        kept: &Kept,
        new: &Raise,
        chattering_until: Option<i64>,
    ) -> Result<bool, Problem> {
        let last_raised_at = kept.last_raised_at.max(new.raised_at);
        let chattering_until = chattering_until
            .or_else(|| kept.chattering_until.map(|_| new.raised_at + CHATTER_WINDOW_US))
            .max(kept.chattering_until);
        let deviations = deviation::write(&new.deviations)?;
        sqlx::query(
            "UPDATE alarms SET occurrences = occurrences + 1, last_raised_at = $2, \
             cleared_at = NULL, summary = $3, deviations = $4, chattering_until = $5 WHERE id = $1",
        )
        .bind(&kept.id)
        .bind(last_raised_at)
        .bind(&new.summary)
        .bind(&deviations)
        .bind(chattering_until)
        .execute(&mut **self.tx)
        .await?;
        self.changes.alarms.insert(kept.id.clone());
        let again = Kept { summary: new.summary.clone(), deviations, ..kept.clone() };
        let state = again.state()?;
        if state.is_hidden() {
            return Ok(true);
        }
        if !state.is_active() {
            if self.hide_if_covered(&again, Some(new.raised_at)).await? {
                return Ok(true);
            }
            let step = if state.is_latched() { Step::Raise } else { Step::Chatter };
            self.step(&again, step, DETECTION, &new.summary).await?;
        }
        self.open_or_join_ticket(&again).await?;
        Ok(false)
    }

    /// A new alarm. Says whether it is hidden.
    async fn add(
        &mut self,
        id: &str,
        new: &Raise,
        chattering_until: Option<i64>,
    ) -> Result<bool, Problem> {
        let cover = self.covering(&new.tag, new.class, Some(new.raised_at)).await?;
        let state = cover.as_ref().map_or(AlarmState::UnacknowledgedActive, |c| c.kind.state());
        let alarm = Kept {
            id: id.to_owned(),
            tag: new.tag.clone(),
            class: new.class.as_str().to_owned(),
            signature: new.signature.clone(),
            state: state.as_str().to_owned(),
            priority: new.priority.as_str().to_owned(),
            latched: i64::from(new.latched),
            summary: new.summary.clone(),
            since_at: new.since_at,
            raised_at: new.raised_at,
            last_raised_at: new.raised_at,
            cleared_at: None,
            deviations: deviation::write(&new.deviations)?,
            hidden_by: None,
            chattering_until,
            ticket_id: None,
        };
        self.insert(&alarm, state).await?;
        self.record(id, None, state, DETECTION, &new.summary).await?;
        let hidden = cover.is_some();
        match cover {
            Some(cover) => self.note_hidden(id, &cover).await?,
            None => {
                self.open_or_join_ticket(&alarm).await?;
                if self.count_for_flood(id).await? && new.priority < Priority::High {
                    // Watchers are told of the flood instead.
                    self.changes.alarms.remove(id);
                }
            }
        }
        Ok(hidden)
    }

    async fn insert(&mut self, alarm: &Kept, state: AlarmState) -> Result<(), Problem> {
        sqlx::query(
            "INSERT INTO alarms (id, asset_id, tag, class, signature, state, priority, \
             raised_priority, latched, summary, since_at, raised_at, last_raised_at, occurrences, \
             recorded_at, deviations, chattering_until, waiting_since, escalation_level, \
             escalation_over) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $11, 1, \
             $12, $13, $14, $15, 0, 0)",
        )
        .bind(&alarm.id)
        .bind(&self.asset_id)
        .bind(&alarm.tag)
        .bind(&alarm.class)
        .bind(&alarm.signature)
        .bind(&alarm.state)
        .bind(&alarm.priority)
        .bind(alarm.latched)
        .bind(&alarm.summary)
        .bind(alarm.since_at)
        .bind(alarm.raised_at)
        .bind(self.now)
        .bind(&alarm.deviations)
        .bind(alarm.chattering_until)
        .bind((state == AlarmState::UnacknowledgedActive).then_some(self.now))
        .execute(&mut **self.tx)
        .await?;
        Ok(())
    }

    async fn worsen(
        &mut self,
        tag: &str,
        summary: &str,
        deviations: String,
    ) -> Result<(), Problem> {
        let held = self.newest("l.cleared_at IS NULL", tag).await?;
        let news = |alarm: &Kept| alarm.deviations != deviations || alarm.summary != summary;
        let Some(alarm) = held.filter(news) else {
            return Ok(());
        };
        sqlx::query("UPDATE alarms SET deviations = $2, summary = $3 WHERE id = $1")
            .bind(&alarm.id)
            .bind(&deviations)
            .bind(summary)
            .execute(&mut **self.tx)
            .await?;
        self.changes.alarms.insert(alarm.id.clone());
        if alarm.state()?.is_active() {
            let summary = summary.to_owned();
            self.open_or_join_ticket(&Kept { deviations, summary, ..alarm }).await?;
        }
        Ok(())
    }

    async fn clear(&mut self, tag: &str, at_us: i64) -> Result<(), Problem> {
        sqlx::query(
            "UPDATE alarm_occurrences SET cleared_at = $3 WHERE asset_id = $1 AND tag = $2 \
             AND raised_at <= $3 AND cleared_at IS NULL",
        )
        .bind(&self.asset_id)
        .bind(tag)
        .bind(at_us)
        .execute(&mut **self.tx)
        .await?;
        let over = "l.tag = $2 AND l.cleared_at IS NULL AND NOT EXISTS (SELECT 1 FROM \
             alarm_occurrences o WHERE o.alarm_id = l.id AND o.cleared_at IS NULL)";
        for alarm in self.kept(over, tag).await? {
            sqlx::query("UPDATE alarms SET cleared_at = $2 WHERE id = $1")
                .bind(&alarm.id)
                .bind(at_us)
                .execute(&mut **self.tx)
                .await?;
            let state = alarm.state()?;
            let why = "the condition is over";
            let step = if alarm.latched == 0 { Step::Clear } else { Step::ClearLatched };
            if self.step(&alarm, step, DETECTION, why).await?.is_none() {
                self.record(&alarm.id, Some(state), state, DETECTION, why).await?;
            }
            if let Some(ticket_id) = alarm.ticket_id {
                self.ticket_follows(ticket_id).await?;
            }
        }
        self.release_explained(tag).await?;
        Ok(())
    }
}

/// Notes an occurrence; says whether it is new.
async fn first_said(
    tx: &mut Transaction<'_, Any>,
    asset_id: &str,
    new: &Raise,
    alarm_id: &str,
) -> Result<bool, Problem> {
    let noted = sqlx::query(
        "INSERT INTO alarm_occurrences (id, asset_id, tag, raised_at, alarm_id) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (asset_id, tag, raised_at) DO NOTHING",
    )
    .bind(new_id())
    .bind(asset_id)
    .bind(&new.tag)
    .bind(new.raised_at)
    .bind(alarm_id)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() > 0)
}
