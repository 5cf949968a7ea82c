//! Which points of an asset a rule is about.

use serde::{Deserialize, Serialize};

use crate::findings::Slot;
use crate::settings::Character;

/// A measurement point as the rules see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its index in the watch of its asset.
    pub slot: Slot,
    /// What keys call it; stable, without a colon.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it measures, such as `temperature`.
    pub quantity: String,
    /// Where on the machine; may be empty.
    pub position: String,
    /// Unit of its values.
    pub unit: String,
    /// What is known of it before anything is learnt.
    pub character: Character,
    /// Whether readings of it are to be expected: otherwise its silence says nothing.
    pub reports: bool,
}

/// Selects points: one by its name, or all of a quantity, perhaps at one position.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Select {
    /// The name of a point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A quantity, such as `temperature`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// With a quantity: a position on the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
}

impl Select {
    /// All points of a quantity.
    #[must_use]
    pub fn quantity(quantity: &str) -> Self {
        Self { quantity: Some(quantity.to_owned()), ..Self::default() }
    }

    /// The point of this name.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::default() }
    }

    /// Whether it selects this point.
    #[must_use]
    pub fn takes(&self, point: &Point) -> bool {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|w| w == is);
        fits(&self.name, &point.name)
            && fits(&self.quantity, &point.quantity)
            && fits(&self.position, &point.position)
    }
}
