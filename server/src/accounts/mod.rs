//! Accounts: the people who sign in with an e-mail address and a password.

mod directory;
mod entry;
mod invitation;
mod password;
#[cfg(test)]
mod tests;

pub(crate) use directory::{
    __path_change, __path_invite, __path_list, __path_show, change, invite, list, show,
};
pub use directory::{Account, AccountChange, AccountState, Invitation, NewAccount};
pub(crate) use entry::sign_in;
pub(crate) use invitation::{
    __path_send_code, __path_set_password, forget_expired, send_code, set_password,
};
pub use invitation::{NewPassword, PasswordCode};
pub(crate) use password::Turns;
