//! The customer file: who the customers are, where their machines stand, and whom to talk to.
//!
//! Of two people who change the same thing the second is told (`If-Match`, 412), and every field that
//! is changed is written down with who, when and why.

mod addressee;
mod contact;
mod customer;
mod reachable;
mod site;
#[cfg(test)]
mod tests;

pub(crate) use addressee::Addressee;
pub(crate) use contact::{
    __path_change as __path_change_contact, __path_create as __path_create_contact,
    __path_list as __path_list_contacts, __path_show as __path_show_contact,
    change as change_contact, create as create_contact, list as list_contacts,
    show as show_contact,
};
pub use contact::{Contact, ContactChange, NewContact};
pub(crate) use customer::{
    __path_change, __path_create, __path_list, __path_show, change, create, list, show,
};
pub use customer::{Customer, CustomerChange, NewCustomer};
pub(crate) use customer::{add as add_customer, apply as apply_to_customer};
pub(crate) use reachable::{email, phone};
pub(crate) use site::{
    __path_change as __path_change_site, __path_create as __path_create_site,
    __path_list as __path_list_sites, __path_show as __path_show_site, change as change_site,
    create as create_site, list as list_sites, show as show_site,
};
pub use site::{NewSite, Site, SiteChange};
pub(crate) use site::{add as add_site, apply as apply_to_site};
