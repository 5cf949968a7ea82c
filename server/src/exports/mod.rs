//! Everything as CSV, for spreadsheets and for whoever moves on: customers, contacts, sites, machines,
//! requests, tickets, work orders, visits and surveys, each as far as the caller sees it.

mod safe;
mod streaming;
mod tables;
#[cfg(test)]
mod tests;

pub(crate) use tables::{
    __path_assets, __path_contacts, __path_customers, __path_requests, __path_segment,
    __path_sites, __path_surveys, __path_tickets, __path_visits, __path_work_orders, assets,
    contacts, customers, requests, segment, sites, surveys, tickets, visits, work_orders,
};
