//! What is kept about a technician.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sla::Calendar;
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::absences::{self, Absence};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Page, Problem, check_text};
use crate::limits::{SKILLS, TEXT_CHARS, WORD_CHARS};
use crate::sla::Hours;
use crate::work_orders::words;

/// What a technician can do, where they go, and when they work.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TechnicianFile {
    /// Such as `refrigeration`.
    skills: Vec<String>,
    /// Planning areas of sites; empty: everywhere.
    areas: Vec<String>,
    /// Working hours.
    hours: Hours,
    /// Where the day begins, degrees.
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// A technician.
#[derive(Debug, Serialize, ToSchema)]
pub struct Technician {
    account_id: String,
    name: String,
    #[serde(flatten)]
    file: TechnicianFile,
    /// From now on.
    absences: Vec<Absence>,
}
