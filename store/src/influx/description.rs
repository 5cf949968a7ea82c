//! Names beside the readings, for Grafana and others who read the database directly.
//!
//! They are fields and not tags, so that they stand there as people wrote them, and a renamed
//! machine leaves no second series behind. They have a bucket of their own: a binding begins long
//! ago, where the retention of readings would take it away.

use std::collections::BTreeSet;

use super::Influx;
use super::lines::{Lines, POINT};
use super::query::time_us;
use crate::limits::TIMES;
use crate::{NamedSeries, NotedTicket, Range, StoreError};

impl Influx {
    /// Writes all names and deletes those that are no longer among them.
    pub(super) async fn describe(&self, named: &[NamedSeries]) -> Result<(), StoreError> {
        self.gate.pass()?;
        let bucket = self.account.names();
        let mut lines = Lines::default();
        let mut current = BTreeSet::new();
        for series in named {
            let valid = series.valid.within(TIMES);
            if valid.is_empty() {
                continue;
            }
            let tags = self.names.of(series.id)?;
            lines.point(&tags, series, valid);
            current.insert((tags.line.clone(), valid.from_us));
        }
        self.post(&bucket, &lines).await?;
        let statement = format!("SELECT valid_to FROM {POINT} GROUP BY board, channel, unit");
        for table in self.http.query(&bucket, &[statement]).await?.iter().flatten() {
            for row in &table.values {
                let from_us = time_us(row)?;
                if !current.contains(&(table.line_tags(), from_us)) {
                    let range = Range { from_us, to_us: from_us + 1 };
                    let stale = format!("_measurement=\"{POINT}\" AND {}", table.predicate_tags());
                    self.http.delete(&bucket, range, &stale).await?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn note(&self, tickets: &[NotedTicket]) -> Result<(), StoreError> {
        self.gate.pass()?;
        let mut lines = Lines::default();
        tickets.iter().for_each(|ticket| lines.ticket(ticket));
        self.post(&self.account.names(), &lines).await.map(drop)
    }
}
