//! One SenML record as it stands in the pack, before base fields are applied.

use alloc::borrow::Cow;

/// The fields of RFC 8428, section 4, that matter for a numeric reading.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    pub base_name: Option<Cow<'a, str>>,
    pub base_time: Option<f64>,
    pub base_unit: Option<Cow<'a, str>>,
    pub base_value: Option<f64>,
    pub version: Option<u64>,
    pub name: Option<Cow<'a, str>>,
    pub unit: Option<Cow<'a, str>>,
    pub value: Option<f64>,
    pub time: Option<f64>,
}
