//! What a person sees who follows a request by its link: how it stands in their words, what comes
//! next, and what was said between them and us.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use serde::Serialize;
use sqlx::{Any, Executor};
use utoipa::ToSchema;

use super::messages::{self, MessageKind};
use super::request::{Request, of_secret};
use super::state::RequestState;
use crate::app::App;
use crate::attachments::{self, Attachment, Holder};
use crate::http::{KEPT_QUIET, Language, Problem};
use crate::repair_sessions::{Verdict, verdict_of_ticket};
use crate::time::Time;

/// How a request stands, for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowedState {
    /// Nobody has looked at it yet.
    Received,
    /// Somebody is at it.
    InProgress,
    /// Somebody will come.
    VisitPlanned,
    /// The work is done.
    Repaired,
    /// Our answer is among the messages.
    Answered,
    /// It is handled with another request.
    Joined,
    /// Over.
    Closed,
}

impl FollowedState {
    #[cfg(test)]
    const ALL: [Self; 7] = [
        Self::Received,
        Self::InProgress,
        Self::VisitPlanned,
        Self::Repaired,
        Self::Answered,
        Self::Joined,
        Self::Closed,
    ];

    fn next_step(self, language: Language) -> &'static str {
        let [english, simplified, traditional] = match self {
            Self::Received => [
                "We will look at your request and tell you how it goes on.",
                "我们将查看您的请求，并告知您后续安排。",
                "我們將查看您的請求，並告知您後續安排。",
            ],
            Self::InProgress => [
                "We are working on it. We write here as soon as there is news.",
                "我们正在处理。一有进展，我们会在此告知。",
                "我們正在處理。一有進展，我們會在此告知。",
            ],
            Self::VisitPlanned => [
                "A technician will come at the time shown.",
                "技术人员将在所示时间上门。",
                "技術人員將在所示時間到府。",
            ],
            Self::Repaired => [
                "The work is done. If something is still wrong, write to us here.",
                "工作已完成。如仍有问题，请在此给我们留言。",
                "工作已完成。如仍有問題，請在此留言給我們。",
            ],
            Self::Answered => [
                "Read our answer. If it does not help, write to us here.",
                "请查看我们的答复。如未解决，请在此给我们留言。",
                "請查看我們的答覆。如未解決，請在此留言給我們。",
            ],
            Self::Joined => [
                "We handle it together with another request about the same.",
                "我们将其与关于同一问题的另一请求一并处理。",
                "我們將其與關於同一問題的另一請求一併處理。",
            ],
            Self::Closed => [
                "This request is closed. Write to us here to open it again.",
                "此请求已关闭。如需重新打开，请在此给我们留言。",
                "此請求已結案。如需重新開啟，請在此留言給我們。",
            ],
        };
        match language {
            Language::English => english,
            Language::SimplifiedChinese => simplified,
            Language::TraditionalChinese => traditional,
        }
    }
}

/// What we say at once to whoever has written.
pub(super) fn received(language: Language) -> &'static str {
    match language {
        Language::English => "Thank you. We have received your request.",
        Language::SimplifiedChinese => "谢谢。我们已收到您的请求。",
        Language::TraditionalChinese => "謝謝。我們已收到您的請求。",
    }
}

/// A visit that is ahead or under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedVisit {
    starts_at: Time,
    ends_at: Time,
}

/// A message between the person and us.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedMessage {
    /// Written by us.
    from_us: bool,
    text: String,
    at: Time,
}

/// A file that is attached to the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedFile {
    /// Its name below `attachments` of the link.
    sha256: String,
    media_type: String,
    bytes: i64,
    title: String,
    /// Sent by us.
    from_us: bool,
    at: Time,
}

impl From<Attachment> for FollowedFile {
    fn from(a: Attachment) -> Self {
        let (sha256, media_type, title, at) = (a.sha256, a.media_type, a.title, a.at);
        Self { sha256, media_type, bytes: a.bytes, title, from_us: a.by.is_some(), at }
    }
}

/// A request for whoever has its link.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedRequest {
    number: String,
    subject: String,
    language: Language,
    state: FollowedState,
    /// What comes next, in the language of the request.
    next_step: &'static str,
    received_at: Time,
    /// By when the work on the machine is promised; null where nothing is promised yet.
    #[schema(required)]
    promised_at: Option<Time>,
    #[schema(required)]
    visit: Option<FollowedVisit>,
    /// What the readings of the machine say of the repair.
    #[schema(required)]
    verdict: Option<Verdict>,
    messages: Vec<FollowedMessage>,
    /// What is attached to the request itself.
    attachments: Vec<FollowedFile>,
}

/// What is done about the ticket of a request.
#[derive(Default)]
struct Work {
    over: bool,
    promised_at: Option<Time>,
    visit: Option<FollowedVisit>,
    verdict: Option<Verdict>,
}

/// Whether a ticket needs nobody any more.
pub(super) async fn work_over<'e>(
    db: impl Executor<'e, Database = Any>,
    ticket_id: &str,
) -> Result<bool, sqlx::Error> {
    let state: String = sqlx::query_scalar("SELECT state FROM tickets WHERE id = $1")
        .bind(ticket_id)
        .fetch_one(db)
        .await?;
    Ok(matches!(state.as_str(), "resolved" | "closed" | "cancelled"))
}

impl Work {
    async fn of(app: &App, ticket_id: &str) -> Result<Self, Problem> {
        let promised: Option<i64> = sqlx::query_scalar(
            "SELECT min(latest_at) FROM work_orders WHERE ticket_id = $1 \
             AND state NOT IN ('draft', 'completed', 'verifying', 'closed', 'cancelled')",
        )
        .bind(ticket_id)
        .fetch_one(&app.database)
        .await?;
        let visit: Option<(i64, i64)> = sqlx::query_as(
            "SELECT v.starts_at, v.ends_at FROM visits v JOIN work_orders w \
             ON w.id = v.work_order_id WHERE w.ticket_id = $1 \
             AND v.state IN ('planned', 'dispatched', 'travelling', 'on_site') \
             ORDER BY v.starts_at LIMIT 1",
        )
        .bind(ticket_id)
        .fetch_optional(&app.database)
        .await?;
        Ok(Self {
            over: work_over(&app.database, ticket_id).await?,
            promised_at: promised.map(Time),
            visit: visit.map(|(starts, ends)| FollowedVisit {
                starts_at: Time(starts),
                ends_at: Time(ends),
            }),
            verdict: verdict_of_ticket(app, ticket_id).await?,
        })
    }
}

fn state_of(request: &Request, work: &Work) -> FollowedState {
    match request.state {
        RequestState::Received => FollowedState::Received,
        RequestState::Ticketed | RequestState::Classified if work.visit.is_some() => {
            FollowedState::VisitPlanned
        }
        RequestState::Ticketed if work.over => FollowedState::Repaired,
        RequestState::Ticketed | RequestState::Classified => FollowedState::InProgress,
        RequestState::Answered => FollowedState::Answered,
        RequestState::Rejected if request.is_duplicate() => FollowedState::Joined,
        RequestState::Rejected | RequestState::Closed => FollowedState::Closed,
    }
}

/// The request of a link.
pub(super) async fn followed(app: &App, secret: &str) -> Result<FollowedRequest, Problem> {
    let request = of_secret(app, secret).await?;
    let work = match &request.ticket_id {
        Some(ticket_id) => Work::of(app, ticket_id).await?,
        None => Work::default(),
    };
    let messages = messages::of(app, &request.id).await?.into_iter();
    let said = messages.filter(|message| message.kind != MessageKind::Note);
    let state = state_of(&request, &work);
    let attachments = attachments::own(app, (Holder::Request, &request.id)).await?;
    Ok(FollowedRequest {
        state,
        next_step: state.next_step(request.language),
        promised_at: work.promised_at,
        visit: work.visit,
        verdict: work.verdict,
        messages: said
            .map(|message| FollowedMessage {
                from_us: message.kind != MessageKind::Received,
                text: message.text,
                at: message.at,
            })
            .collect(),
        attachments: attachments.into_iter().map(FollowedFile::from).collect(),
        number: request.number,
        subject: request.subject,
        language: request.language,
        received_at: request.received_at,
    })
}

/// A request by its link, without an account.
#[utoipa::path(
    get,
    path = "/api/v1/public/requests/{secret}",
    operation_id = "follow_request",
    tag = "requests",
    security(()),
    responses((status = 200, body = FollowedRequest), Problem)
)]
pub(crate) async fn follow(
    State(app): State<App>,
    Path(secret): Path<String>,
) -> Result<([(HeaderName, &'static str); 2], Json<FollowedRequest>), Problem> {
    let request = followed(&app, &secret).await?;
    Ok((KEPT_QUIET, Json(request)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_words_of_its_own_in_every_language() {
        let mut words: Vec<&str> = Language::ALL
            .into_iter()
            .flat_map(|l| FollowedState::ALL.into_iter().map(move |s| s.next_step(l)))
            .chain(Language::ALL.into_iter().map(received))
            .collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
    }
}
