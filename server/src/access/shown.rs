//! The access table, for people who want to see who may do what.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::Role;
use super::table::{Cell, TABLE, Whose};
use crate::http::Page;

/// What a role may reach through a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// What belongs to the sites and customers that were granted to the account.
    Own,
    /// Everything, unless the account is limited to what it was granted.
    Everything,
}

/// Who may do one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessRow {
    /// `operationId` of the route in the OpenAPI document.
    operation: &'static str,
    /// Anybody may, without a login.
    open: bool,
    /// Roles that may, and with whose data.
    roles: Vec<AllowedRole>,
}

/// A role that may do it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowedRole {
    role: Role,
    allowed: Allowed,
}

/// Who may do what, in the order of the table.
#[utoipa::path(
    get,
    path = "/api/v1/access",
    operation_id = "show_access",
    tag = "access",
    responses((status = 200, body = Page<AccessRow>), crate::http::Problem)
)]
pub(crate) async fn show() -> Json<Page<AccessRow>> {
    let items = TABLE.iter().map(|row| {
        let roles = Role::ALL.into_iter().filter_map(|role| {
            let allowed = match row.cell(role) {
                Cell::Nothing => return None,
                Cell::Own => Allowed::Own,
                Cell::All => Allowed::Everything,
            };
            Some(AllowedRole { role, allowed })
        });
        AccessRow {
            operation: row.operation,
            open: row.whose == Whose::Open,
            roles: roles.collect(),
        }
    });
    Json(Page { items: items.collect(), next_cursor: None })
}
