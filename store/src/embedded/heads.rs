//! The heads: readings that are in the journal and not in chunks yet, by series.

use std::collections::BTreeMap;
use std::ops;

use telemetry::pack::Sample;

use crate::{Range, SeriesId};

/// Recent readings of all series.
#[derive(Default)]
pub(super) struct Heads {
    series: BTreeMap<SeriesId, Head>,
    readings: usize,
}

/// Recent readings of one series, as they came.
#[derive(Default)]
struct Head {
    samples: Vec<Sample>,
    /// Something in it is not later than what came before it.
    out_of_order: bool,
}

/// Sorts by time; of several readings with one time the last written stays.
pub(super) fn in_order(samples: &mut Vec<Sample>) {
    if samples.is_sorted_by(|a, b| a.measured_at_us < b.measured_at_us) {
        return;
    }
    samples.sort_by_key(|s| s.measured_at_us);
    samples.reverse();
    samples.dedup_by_key(|s| s.measured_at_us);
    samples.reverse();
}

impl Head {
    fn add(&mut self, samples: &[Sample]) {
        let before = self.samples.last().into_iter().chain(samples);
        self.out_of_order |= !before.is_sorted_by(|a, b| a.measured_at_us < b.measured_at_us);
        self.samples.extend_from_slice(samples);
    }

    fn part(&self, range: Range) -> Vec<Sample> {
        if !self.out_of_order {
            let upto = |at_us| self.samples.partition_point(|s| s.measured_at_us < at_us);
            let from = upto(range.from_us);
            return self.samples[from..upto(range.to_us).max(from)].to_vec();
        }
        let inside = self.samples.iter().filter(|s| range.contains(s.measured_at_us));
        let mut inside = inside.copied().collect();
        in_order(&mut inside);
        inside
    }
}

impl Heads {
    /// Readings in all of them; those that were corrected in between count as well.
    pub fn readings(&self) -> usize {
        self.readings
    }

    pub fn add(&mut self, id: SeriesId, samples: &[Sample]) {
        if samples.is_empty() {
            return;
        }
        self.series.entry(id).or_default().add(samples);
        self.readings += samples.len();
    }

    pub fn delete(&mut self, id: SeriesId, range: Range) {
        let Some(head) = self.series.get_mut(&id) else { return };
        let before = head.samples.len();
        head.samples.retain(|s| !range.contains(s.measured_at_us));
        self.readings -= before - head.samples.len();
        if head.samples.is_empty() {
            self.series.remove(&id);
        }
    }

    /// The readings of a series in a range, in order.
    pub fn part(&self, id: SeriesId, range: Range) -> Vec<Sample> {
        self.series.get(&id).map_or_else(Vec::new, |head| head.part(range))
    }

    /// The newest reading of a series in a range.
    pub fn latest(&self, id: SeriesId, range: Range) -> Option<Sample> {
        let samples = self.series.get(&id)?.samples.iter();
        let inside = samples.copied().filter(|s| range.contains(s.measured_at_us));
        inside.max_by_key(|s| s.measured_at_us)
    }

    /// Series that have some, in order, with all that they have.
    pub fn iter(&self) -> impl Iterator<Item = (SeriesId, &[Sample])> {
        self.series.iter().map(|(id, head)| (*id, head.samples.as_slice()))
    }

    pub fn get(&self, id: SeriesId) -> &[Sample] {
        self.series.get(&id).map_or(&[], |head| &head.samples)
    }

    /// Puts every head in order, which changes no answer.
    pub fn put_in_order(&mut self) {
        for head in self.series.values_mut().filter(|head| head.out_of_order) {
            let before = head.samples.len();
            in_order(&mut head.samples);
            head.out_of_order = false;
            self.readings -= before - head.samples.len();
        }
    }

    /// Takes out what was sealed: places in the heads as they are in order.
    pub fn remove(&mut self, sealed: &Sealed) {
        for (id, places) in &sealed.0 {
            let Some(head) = self.series.get_mut(id) else { continue };
            for place in places.iter().rev() {
                head.samples.drain(place.clone());
                self.readings -= place.len();
            }
            if head.samples.is_empty() {
                self.series.remove(id);
            } else {
                head.samples.shrink_to(2 * head.samples.len());
            }
        }
    }
}

/// What of the heads is in month files: by series, stretches in order that do not overlap.
#[derive(Default)]
pub(super) struct Sealed(BTreeMap<SeriesId, Vec<ops::Range<usize>>>);

impl Sealed {
    pub fn add(&mut self, id: SeriesId, place: ops::Range<usize>) {
        if !place.is_empty() {
            self.0.entry(id).or_default().push(place);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The stretches of a head of this length that are not sealed.
    pub fn rest(&self, id: SeriesId, length: usize) -> impl Iterator<Item = ops::Range<usize>> {
        let places = self.0.get(&id).map_or(&[][..], Vec::as_slice);
        let starts = std::iter::once(0).chain(places.iter().map(|p| p.end));
        let ends = places.iter().map(|p| p.start).chain(std::iter::once(length));
        starts.zip(ends).map(|(start, end)| start..end).filter(|rest| !rest.is_empty())
    }
}
