//! The knowledge base: how things are done, manuals, cases and tips, in versions that somebody else than
//! the author has reviewed, linked to models, causes and signatures.

mod article;
mod content;
mod fitting;
mod reviewing;
mod state;
#[cfg(test)]
mod tests;
mod votes;
mod writing;

pub use article::Article;
pub(crate) use article::{__path_list, __path_show, __path_versions, list, show, versions};
pub use content::{ArticleAbout, ArticleContent};
pub use fitting::FittingArticle;
pub(crate) use fitting::{__path_of_ticket, of_ticket};
pub(crate) use reviewing::{__path_review, __path_submit, review, submit};
pub use reviewing::{ArticleReview, ArticleSubmission};
pub use state::{ArticleKind, ArticleState};
pub(crate) use votes::{__path_list as __path_list_votes, __path_vote, list as list_votes, vote};
pub use votes::{ArticleVote, NewArticleVote};
pub(crate) use writing::{
    __path_create, __path_of_ticket as __path_make_case, __path_revise, create,
    of_ticket as make_case, revise,
};
pub use writing::{ArticleRevision, NewArticle, NewCase};
