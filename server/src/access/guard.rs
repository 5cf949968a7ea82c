//! In front of every route: who is asking, may they, and is it theirs.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::OpenApi;

use super::Reach;
use super::table::{self, Cell, Row, Whose};
use crate::app::App;
use crate::http::{Caller, Problem};

/// The access table by method and path.
#[derive(Clone)]
pub(crate) struct Guard {
    app: App,
    rows: Arc<HashMap<(Method, String), &'static Row>>,
}

impl Guard {
    /// The rows of all routes of a document.
    ///
    /// # Panics
    /// When a route has no row: it would be open to nobody, or worse.
    pub fn new(app: App, document: &OpenApi) -> Self {
        let rows = operations(document)
            .map(|(method, path, operation)| {
                let row = table::row_of(operation);
                let row =
                    row.unwrap_or_else(|| panic!("{operation} has no row in the access table"));
                ((method, path.to_owned()), row)
            })
            .collect();
        Self { app, rows: Arc::new(rows) }
    }
}

/// Method, path and name of every operation.
pub(super) fn operations(document: &OpenApi) -> impl Iterator<Item = (Method, &str, &str)> {
    document.paths.paths.iter().flat_map(|(path, item)| {
        let methods = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ];
        methods.into_iter().filter_map(|(method, operation)| {
            let operation = operation.as_ref()?;
            Some((method, path.as_str(), operation.operation_id.as_deref().unwrap_or_default()))
        })
    })
}

/// Lets a request through, with its [`Caller`], or answers why not.
pub(crate) async fn pass(
    State(guard): State<Guard>,
    path: MatchedPath,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(row) = guard.rows.get(&(request.method().clone(), path.as_str().to_owned())) else {
        // The document itself, and methods that a route does not have: axum answers these.
        return next.run(request).await;
    };
    let asked = Asked {
        method: request.method().clone(),
        uri: request.uri().clone(),
        headers: request.headers().clone(),
        params,
    };
    match admit(&guard.app, row, &asked).await {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(None) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// A request without its body.
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    params: RawPathParams,
}

async fn admit(app: &App, row: &Row, asked: &Asked) -> Result<Option<Caller>, Problem> {
    if matches!(row.whose, Whose::Open) {
        return Ok(None);
    }
    let mut caller = Caller::of(app, &asked.method, &asked.headers).await?;
    match row.cell(caller.role) {
        Cell::Nothing => return Err(Problem::Forbidden),
        Cell::Own => caller.limit(),
        Cell::All => {}
    }
    if let Reach::Granted { .. } = caller.reach {
        let named = match row.whose {
            Whose::Path(subject) => Some((subject, path_id(&asked.params)?)),
            Whose::Query(subject, key) => match query_id(&asked.uri, key)? {
                Some(id) => Some((subject, id)),
                None => return Err(Problem::Invalid(format!("`{key}` has to be given"))),
            },
            Whose::Mixed => return Err(Problem::Forbidden),
            Whose::Nobodys | Whose::Cut | Whose::Body | Whose::Open => None,
        };
        if let Some((subject, id)) = named {
            caller.reach.check(&app.database, subject, &id).await?;
        }
    }
    Ok(Some(caller))
}

fn path_id(params: &RawPathParams) -> Result<String, Problem> {
    let first = params.iter().next().map(|(_, id)| id.to_owned());
    first.ok_or_else(|| Problem::Internal("the route has no id in its path".into()))
}

fn query_id(uri: &Uri, key: &str) -> Result<Option<String>, Problem> {
    let query: axum::extract::Query<HashMap<String, String>> =
        axum::extract::Query::try_from_uri(uri)
            .map_err(|_| Problem::Invalid("the query cannot be read".into()))?;
    Ok(query.0.get(key).cloned())
}
