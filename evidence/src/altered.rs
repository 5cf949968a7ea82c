//! What verification can find.

/// The first thing that is not as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Altered {
    /// The file does not begin as a report does: it is something else, or its first bytes changed.
    #[error("this is no evidence report, or its beginning was altered")]
    Beginning,
    /// An item is not as it was signed, or what stood right before it is gone with its number.
    #[error("item {number}, {name}, was altered")]
    Item {
        /// Its number, from 1.
        number: u64,
        /// What it is, for people.
        name: String,
    },
    /// The item is as it was signed, what stands around it in its line is not.
    #[error("what stands beside item {number}, {name}, was altered")]
    Beside {
        /// Its number, from 1.
        number: u64,
        /// What it is, for people.
        name: String,
    },
    /// Items are missing.
    #[error("item {number} is missing; {next} follows")]
    Missing {
        /// Number of the first that is missing.
        number: u64,
        /// What follows.
        next: String,
    },
    /// An item stands where it does not belong: it is there twice, or was moved.
    #[error("item {found} ({name}) stands where item {number} belongs: repeated or moved")]
    OutOfPlace {
        /// Number that belongs here.
        number: u64,
        /// Number that stands here.
        found: u64,
        /// What it is.
        name: String,
    },
    /// The file ends before its seal.
    #[error("the file ends after item {after}: the rest and the seal are missing")]
    Truncated {
        /// Number of the last item that is there.
        after: u64,
    },
    /// The marks beside the items fit, and the signed head is of other items: somebody altered,
    /// removed or added items and made the marks anew. Which ones cannot be told.
    #[error(
        "items were altered, removed or added, and their marks made anew to hide it: the signature \
         is of other items"
    )]
    Rewritten,
    /// The head that the seal states is not that of the items, which are as they were signed.
    #[error("the head in the seal was altered; the items before it are as they were signed")]
    Head,
    /// The signature is not of these items by this key.
    #[error(
        "the seal was altered, or the items and it were made anew without the key: the signature does not fit"
    )]
    Signature,
    /// The seal does not read.
    #[error("the seal after the last item was altered")]
    Seal,
    /// Something follows the end.
    #[error("something was added after the end")]
    AfterEnd,
    /// The embedded document is as it was signed, the page that shows it is not.
    #[error("the page around the items was altered; the items in it are as they were signed")]
    Page,
    /// A picture on the page is not the one that its item names.
    #[error("the page around the items was altered: the picture {0}")]
    Picture(String),
    /// The page is as it was, its seal is not.
    #[error("the seal of the page was altered, or the page was made anew without the key")]
    PageSeal,
}

impl Altered {
    /// Number of the item that it is about, from 1, and the item's name.
    #[must_use]
    pub fn item(&self) -> Option<(u64, &str)> {
        match self {
            Self::Item { number, name } | Self::Beside { number, name } => Some((*number, name)),
            Self::Missing { number, next } => Some((*number, next)),
            Self::OutOfPlace { number, name, .. } => Some((*number, name)),
            _ => None,
        }
    }
}
