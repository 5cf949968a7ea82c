use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ImportKind {
    Customers,
    Sites,
    Assets,
    Tickets,
}

/// A column that a file may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub name: &'static str,
    /// Whether every file of the kind has it.
    pub needed: bool,
}

const fn needed(name: &'static str) -> Column {
    Column { name, needed: true }
}

const fn optional(name: &'static str) -> Column {
    Column { name, needed: false }
}

impl ImportKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Customers, Self::Sites, Self::Assets, Self::Tickets];

    /// Its name, as in the address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Sites => "sites",
            Self::Assets => "assets",
            Self::Tickets => "tickets",
        }
    }

    /// The columns that a file may have.
    pub(super) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Customers => {
                const {
                    &[
                        needed("name"),
                        optional("segment"),
                        optional("language"),
                        optional("high_risk"),
                        optional("priority_lane"),
                        optional("notes"),
                    ]
                }
            }
            Self::Sites => {
                const {
                    &[
                        needed("customer"),
                        needed("name"),
                        optional("time_zone"),
                        optional("address"),
                        optional("area"),
                        optional("latitude"),
                        optional("longitude"),
                        optional("access_notes"),
                    ]
                }
            }
            Self::Assets => {
                const {
                    &[
                        needed("name"),
                        needed("kind"),
                        optional("model"),
                        optional("serial"),
                        optional("customer"),
                        optional("site"),
                        optional("warranty_until"),
                    ]
                }
            }
            Self::Tickets => {
                const {
                    &[
                        needed("reference"),
                        needed("asset"),
                        needed("title"),
                        optional("priority"),
                        optional("since"),
                    ]
                }
            }
        }
    }
}
