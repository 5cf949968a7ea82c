//! What every telemetry store promises, on the embedded one and on a real InfluxDB.

mod fixture;
mod model;
mod promises;

/// One test of each promise on each store.
macro_rules! on_both_stores {
    ($($promise:ident)*) => {
        mod embedded {
            $(#[tokio::test]
            async fn $promise() -> anyhow::Result<()> {
                crate::promises::$promise(crate::fixture::embedded().await?).await
            })*
        }
        mod influxdb {
            $(#[tokio::test]
            async fn $promise() -> anyhow::Result<()> {
                crate::promises::$promise(crate::fixture::influxdb().await?).await
            })*
        }
    };
}

on_both_stores! {
    a_reading_is_read_back_exactly
    a_repeated_write_changes_nothing
    a_corrected_reading_replaces_the_first
    points_with_the_same_timestamp_are_told_apart
    late_readings_take_their_place
    buckets_are_those_of_a_slow_and_obvious_model
    a_gap_stays_a_gap
    raw_readings_are_paged_without_loss_or_repetition
    the_latest_reading_is_the_newest_measured
    deleted_readings_are_gone_from_readings_and_charts
    charts_are_right_after_late_and_corrected_readings
    readings_past_their_retention_are_answered_by_rollups
    readings_older_than_the_retention_are_refused_and_counted
    times_that_no_store_can_hold_are_refused_and_counted
    a_series_that_was_never_written_is_empty
    everything_is_there_after_reopening
}
