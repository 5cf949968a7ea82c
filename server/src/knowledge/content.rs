//! What an article says, and what it is about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fault_signatures::check_cause;
use crate::http::{Problem, check_text};
use crate::limits::{ARTICLE_CHARS, ARTICLE_LINKS, TEXT_CHARS, WORD_CHARS};

/// What an article says. The text is Markdown; it is kept as it was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArticleContent {
    pub(super) title: String,
    /// Markdown (CommonMark).
    pub(super) text: String,
    #[serde(flatten)]
    pub(super) about: ArticleAbout,
}

/// What an article is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArticleAbout {
    #[serde(default)]
    pub(super) tags: Vec<String>,
    /// Models of machines that it is about.
    #[serde(default)]
    pub(super) models: Vec<String>,
    /// Codes of causes that it is about, such as `clogged_strainer`.
    #[serde(default)]
    pub(super) causes: Vec<String>,
    /// Signatures of tickets that it is about, such as `deviation`.
    #[serde(default)]
    pub(super) signatures: Vec<String>,
}

impl ArticleContent {
    pub(super) fn check(&self) -> Result<(), Problem> {
        check_text("title", &self.title, TEXT_CHARS)?;
        check_text("text", &self.text, ARTICLE_CHARS)?;
        let ArticleAbout { tags, models, causes, signatures } = &self.about;
        for (name, words, most) in [
            ("tags", tags, WORD_CHARS),
            ("models", models, TEXT_CHARS),
            ("signatures", signatures, TEXT_CHARS),
            ("causes", causes, TEXT_CHARS),
        ] {
            if words.len() > ARTICLE_LINKS {
                return Err(Problem::Invalid(format!("`{name}` may have {ARTICLE_LINKS} words")));
            }
            for word in words {
                check_text(name, word, most)?;
            }
        }
        causes.iter().try_for_each(|cause| check_cause(cause))
    }
}

impl ArticleAbout {
    /// Each kind of link with its values.
    pub(super) fn links(&self) -> [(&'static str, &[String]); 4] {
        [
            ("tag", &self.tags),
            ("model", &self.models),
            ("cause", &self.causes),
            ("signature", &self.signatures),
        ]
    }
}
