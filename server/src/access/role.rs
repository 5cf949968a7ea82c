use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// What somebody is in the service. The columns of the access table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Follows what concerns their own machines.
    Customer,
    /// Takes requests, keeps the customer file.
    CustomerService,
    /// Repairs.
    Technician,
    /// Diagnoses, reviews performance, keeps rules and calibrations.
    Engineer,
    /// Reviews repairs, surveys and corrective actions.
    Quality,
    /// Plans visits and parts.
    Dispatcher,
    /// Sets policies, approves, reads reports.
    Manager,
    /// Everything.
    Admin,
    /// A gateway: hands in deliveries and nothing else.
    Gateway,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Customer,
        Self::CustomerService,
        Self::Technician,
        Self::Engineer,
        Self::Quality,
        Self::Dispatcher,
        Self::Manager,
        Self::Admin,
        Self::Gateway,
    ];

    /// Its name, as in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::CustomerService => "customer_service",
            Self::Technician => "technician",
            Self::Engineer => "engineer",
            Self::Quality => "quality",
            Self::Dispatcher => "dispatcher",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::Gateway => "gateway",
        }
    }

    /// Reads what the database holds.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("role", &Self::ALL, Self::as_str, text)
    }
}
