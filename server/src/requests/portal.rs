//! Customers with an account: they ask for themselves, and see what is meant for them.

use super::messages::MessageKind;
use super::request::Request;
use crate::access::Role;
use crate::app::App;
use crate::http::{Caller, Language, Problem};

/// A customer who asks.
pub(super) struct Asker {
    pub name: String,
    pub email: String,
    pub language: Language,
}

/// Who asks for themselves; nobody where somebody of ours writes it down.
pub(super) async fn asker(app: &App, caller: &Caller) -> Result<Option<Asker>, Problem> {
    if caller.role != Role::Customer {
        return Ok(None);
    }
    let account: Option<(String, String, String)> =
        sqlx::query_as("SELECT name, email, language FROM accounts WHERE id = $1")
            .bind(caller.account_id.as_deref())
            .fetch_optional(&app.database)
            .await?;
    // A token without an account is nobody whom we could answer.
    let (name, email, language) = account.ok_or(Problem::Forbidden)?;
    Ok(Some(Asker { name, email, language: Language::parse(&language)? }))
}

/// Takes away what is said between colleagues: notes, and what they think of the customer.
pub(super) fn for_customer(mut request: Request) -> Request {
    if let Some(messages) = &mut request.messages {
        messages.retain(|message| message.kind != MessageKind::Note);
    }
    request.high_risk = false;
    request.overruled_why = None;
    request.maybe_same_as = None;
    request.playbooks = None;
    request
}
