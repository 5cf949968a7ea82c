//! What can be found, and by which of its texts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Reach;
use crate::limits::{SEARCH_RARE, SEARCH_RARE_NAME};

/// What something found is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "ticket")]
pub enum SearchKind {
    /// A ticket.
    Ticket,
    /// A machine.
    Asset,
    /// A customer.
    Customer,
    /// A site.
    Site,
    /// A person at a customer.
    Contact,
    /// A request.
    Request,
    /// What is published of an article of the knowledge base.
    Article,
}

impl SearchKind {
    pub(super) const ALL: [Self; 7] = [
        Self::Ticket,
        Self::Asset,
        Self::Customer,
        Self::Site,
        Self::Contact,
        Self::Request,
        Self::Article,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Asset => "asset",
            Self::Customer => "customer",
            Self::Site => "site",
            Self::Contact => "contact",
            Self::Request => "request",
            Self::Article => "article",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whoever may not list these does not find them either.
    pub(super) const fn list_operation(self) -> &'static str {
        match self {
            Self::Ticket => "list_tickets",
            Self::Asset => "list_assets",
            Self::Customer => "list_customers",
            Self::Site => "list_sites",
            Self::Contact => "list_contacts",
            Self::Request => "list_requests",
            Self::Article => "list_articles",
        }
    }

    /// A word in at most so many texts of a kind is rare: the texts are looked up by it. Lists of machines go
    /// by name, and not by age: those that have a word may all be far down.
    pub(super) const fn rare(self) -> i64 {
        match self {
            Self::Asset => SEARCH_RARE_NAME,
            _ => SEARCH_RARE,
        }
    }

    /// All texts of one of them, `$1` its id, a text a row: what everybody who may list them may read.
    pub(super) const fn texts(self) -> &'static str {
        match self {
            Self::Ticket => {
                "SELECT 'T-' || CAST(t.number AS TEXT) || ' ' || t.title || ' ' || a.name || ' ' \
                 || coalesce(a.serial, '') || ' ' || coalesce(a.model, '') || ' ' \
                 || coalesce(c.name, '') FROM tickets t JOIN assets a ON a.id = t.asset_id \
                 LEFT JOIN sites s ON s.id = a.site_id LEFT JOIN customers c \
                 ON c.id = s.customer_id WHERE t.id = $1"
            }
            Self::Asset => {
                "SELECT a.name || ' ' || coalesce(a.model, '') || ' ' || coalesce(a.serial, '') \
                 || ' ' || a.kind || ' ' || coalesce(s.name, '') || ' ' || coalesce(c.name, '') \
                 FROM assets a LEFT JOIN sites s ON s.id = a.site_id \
                 LEFT JOIN customers c ON c.id = s.customer_id WHERE a.id = $1"
            }
            Self::Customer => "SELECT name || ' ' || segment FROM customers WHERE id = $1",
            Self::Site => {
                "SELECT s.name || ' ' || s.address || ' ' || s.area || ' ' || c.name FROM sites s \
                 JOIN customers c ON c.id = s.customer_id WHERE s.id = $1"
            }
            Self::Contact => {
                "SELECT n.name || ' ' || coalesce(n.email, '') || ' ' || coalesce(n.phone, '') \
                 || ' ' || n.role || ' ' || c.name FROM contacts n \
                 JOIN customers c ON c.id = n.customer_id WHERE n.id = $1"
            }
            Self::Request => {
                "SELECT 'R-' || CAST(number AS TEXT) || ' ' || subject || ' ' || given_name || ' ' \
                 || coalesce(given_email, '') || ' ' || coalesce(given_phone, '') || ' ' \
                 || coalesce(given_machine, '') FROM requests WHERE id = $1 \
                 UNION ALL SELECT text FROM request_messages WHERE request_id = $1 \
                 AND kind <> 'note'"
            }
            Self::Article => {
                "SELECT 'K-' || CAST(a.number AS TEXT) || ' ' || v.title || ' ' || v.text \
                 FROM articles a JOIN article_versions v ON v.article_id = a.id \
                 AND v.version = a.published_version WHERE a.id = $1 \
                 UNION ALL SELECT value FROM article_links WHERE article_id = $1"
            }
        }
    }

    /// Others whose texts name this one; `$1` its id.
    pub(super) const fn named_by(self) -> &'static [(Self, &'static str)] {
        match self {
            Self::Customer => &[
                (Self::Site, "SELECT id FROM sites WHERE customer_id = $1"),
                (Self::Contact, "SELECT id FROM contacts WHERE customer_id = $1"),
                (
                    Self::Asset,
                    "SELECT a.id FROM assets a JOIN sites s ON s.id = a.site_id \
                     WHERE s.customer_id = $1",
                ),
                (
                    Self::Ticket,
                    "SELECT t.id FROM tickets t JOIN assets a ON a.id = t.asset_id \
                     JOIN sites s ON s.id = a.site_id WHERE s.customer_id = $1",
                ),
            ],
            Self::Site => &[(Self::Asset, "SELECT id FROM assets WHERE site_id = $1")],
            Self::Asset => &[(Self::Ticket, "SELECT id FROM tickets WHERE asset_id = $1")],
            Self::Ticket | Self::Contact | Self::Request | Self::Article => &[],
        }
    }

    /// Rows of `id`, `title` and `detail`, as `x`.
    pub(super) const fn shown(self) -> &'static str {
        match self {
            Self::Ticket => {
                "SELECT x.id, 'T-' || CAST(x.number AS TEXT) || ' ' || x.title AS title, a.name \
                 AS detail FROM tickets x JOIN assets a ON a.id = x.asset_id"
            }
            Self::Asset => {
                "SELECT x.id, x.name AS title, coalesce(x.model, '') || ' ' \
                 || coalesce(x.serial, '') || ' ' || coalesce(s.name, '') AS detail FROM assets x \
                 LEFT JOIN sites s ON s.id = x.site_id"
            }
            Self::Customer => "SELECT x.id, x.name AS title, x.segment AS detail FROM customers x",
            Self::Site => "SELECT x.id, x.name AS title, x.address AS detail FROM sites x",
            Self::Contact => {
                "SELECT x.id, x.name AS title, coalesce(x.email, x.phone, '') AS detail \
                 FROM contacts x"
            }
            Self::Request => {
                "SELECT x.id, 'R-' || CAST(x.number AS TEXT) || ' ' || x.subject AS title, \
                 x.given_name AS detail FROM requests x"
            }
            Self::Article => {
                "SELECT x.id, 'K-' || CAST(x.number AS TEXT) || ' ' || v.title AS title, x.kind \
                 AS detail FROM articles x JOIN article_versions v ON v.article_id = x.id \
                 AND v.version = x.published_version"
            }
        }
    }

    /// The condition that `x` is within reach; `bind` is the place of [`Reach::bind`].
    pub(super) fn within(self, reach: &Reach, bind: &str) -> String {
        match self {
            Self::Ticket => reach.assets("x.asset_id", bind),
            Self::Asset => reach.sites("x.site_id", bind),
            Self::Customer => reach.customers("x.id", bind),
            Self::Site => reach.sites("x.id", bind),
            Self::Contact => reach.customers("x.customer_id", bind),
            Self::Request => reach.requests("x.id", bind),
            // The house's own; the bind is there all the same.
            Self::Article => format!("{bind} = {bind}"),
        }
    }
}
