//! Figures about the service, each by a documented SQL definition (`definitions/*.sql`) that yields the
//! rows behind it: the figure is counted over these rows and nothing else.

mod counting;
mod definition;
mod list;
mod policy;
mod report;
mod rows;
mod sales;
#[cfg(test)]
mod tests;

pub use counting::Figure;
pub(crate) use list::{__path_list, list};
pub use list::{KpiFigures, KpiPart, KpisQuery, MeasuredKpi};
pub use policy::ReportingPolicy;
pub(crate) use policy::{__path_change, __path_versions, change, versions};
pub use report::ReportQuery;
pub(crate) use report::{
    __path_page, __path_review, __path_review_table, __path_table, page, review, review_table,
    table,
};
pub(crate) use rows::{__path_show_rows, show_rows};
pub use rows::{KpiRow, RowsQuery};
pub(crate) use sales::{__path_keep_sales, __path_list_sales, keep_sales, list_sales};
pub use sales::{NewSales, Sales, SalesQuery};
