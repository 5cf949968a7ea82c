//! The states of a version of an article, and the kinds of articles.

use crate::states::{states, words};

words! {
    /// What an article is.
    ArticleKind, "kind of article" {
        /// How something is done here.
        Sop "sop";
        /// How a machine is used and looked after.
        Manual "manual";
        /// A fault that was mended, and how.
        Case "case";
        /// Something worth knowing.
        Tip "tip";
    }
}

states! {
    /// State of a version of an article.
    ArticleState, "article" {
        /// Being written.
        Draft "draft" => [InReview, Retired];
        /// Somebody else than the author looks at it.
        InReview "in_review" => [Published, Draft, Retired];
        /// What readers see.
        Published "published" => [Retired];
        /// Replaced, or taken away; still readable.
        Retired "retired" => [];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_published_that_was_not_reviewed() {
        let leading =
            ArticleState::ALL.iter().filter(|s| s.next().contains(&ArticleState::Published));
        assert_eq!(leading.collect::<Vec<_>>(), [&ArticleState::InReview]);
    }
}
