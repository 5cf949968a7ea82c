//! The outbox: messages, what became of them, and what people do with them.

mod list;
mod people;
mod settling;
mod undoing;

pub(crate) use list::{__path_list, __path_show, list, show};
pub(crate) use people::{__path_retry, __path_withdraw, retry, withdraw};
pub(super) use settling::{Settled, give_up_untried, record, refuse_unreadable, settle, waiting};
pub(crate) use undoing::{take_back, take_back_news, told_by};
