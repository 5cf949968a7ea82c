//! What a board remembers beside its readings. It is saved whole: after a power cut it is either
//! the old or the new, never some of each.

use heapless::Vec;
use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::{Encoder, encode};

use crate::boot::LastWords;
use crate::calibration::Calibration;
use crate::cbor::Reader;
use crate::config::{Config, Text};
use crate::limits::{MAX_CHANNELS, MAX_PANIC_BYTES, REMEMBERED_CLOCKS, REMEMBERED_COMMANDS};
use crate::refusal::Refusal;
use crate::storage::rounded;

/// Room for the longest settings: 67 bytes a channel, 11 a command, 14 a clock, and the rest.
pub(crate) const SETTINGS_BYTES: usize = rounded(
    67 * MAX_CHANNELS + 11 * REMEMBERED_COMMANDS + 14 * REMEMBERED_CLOCKS + MAX_PANIC_BYTES + 44,
);

/// Grows when the items change.
const LAYOUT: u8 = 1;
const ITEMS: u64 = 9;
/// In the place of a refusal's number.
const OBEYED: u8 = u8::MAX;

/// Measuring fast for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Burst {
    pub interval_ms: u32,
    /// Unix time in milliseconds at which it ends. Not a number of seconds: it would begin anew
    /// with each reset.
    pub until_ms: i64,
}

/// A command that was taken, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heard {
    pub counter: i64,
    pub refused: Option<Refusal>,
}

/// How a run's clock stood, to date the readings that it stored before it knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownClock {
    pub boot: u32,
    pub offset_ms: i64,
}

/// Channels that a command changed; what they were changed to stands in the [`Config`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Changed {
    interval: u8,
    calibration: u8,
}

const _: () = assert!(MAX_CHANNELS <= 8, "a bit a channel");

impl Changed {
    pub fn interval(&mut self, channel: usize) {
        self.interval |= 1 << channel;
    }

    pub fn calibration(&mut self, channel: usize) {
        self.calibration |= 1 << channel;
    }

    fn has(bits: u8, channel: usize) -> bool {
        bits >> channel & 1 == 1
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Settings {
    /// Number of this run.
    pub boot: u32,
    /// The last commands, oldest first; their counters grow.
    pub heard: Vec<Heard, REMEMBERED_COMMANDS>,
    pub burst: Option<Burst>,
    /// Readings that were lost and not yet reported as such.
    pub lost: u32,
    /// Last words of a run before, until they are reported.
    pub panic: Option<LastWords>,
    pub clocks: Vec<KnownClock, REMEMBERED_CLOCKS>,
    pub changed: Changed,
}

type Written = Result<(), encode::Error<EndOfSlice>>;

impl Settings {
    /// Writes the settings, and of the configuration what commands changed in it. Gives back how
    /// many bytes they are.
    pub fn write(&self, config: &Config, buffer: &mut [u8]) -> Option<usize> {
        let mut cursor = Cursor::new(buffer);
        self.encode(config, &mut Encoder::new(&mut cursor)).ok()?;
        Some(cursor.position())
    }

    fn encode(&self, config: &Config, e: &mut Encoder<&mut Cursor<&mut [u8]>>) -> Written {
        e.array(ITEMS)?.u8(LAYOUT)?.u32(self.boot)?.u32(self.lost)?;
        match &self.panic {
            Some(text) => e.str(text)?,
            None => e.null()?,
        };
        e.array(self.heard.len() as u64)?;
        for Heard { counter, refused } in &self.heard {
            e.i64(*counter)?.u8(refused.map_or(OBEYED, Refusal::number))?;
        }
        e.array(self.clocks.len() as u64)?;
        for clock in &self.clocks {
            e.u32(clock.boot)?.i64(clock.offset_ms)?;
        }
        e.u32(config.installed())?;
        match self.burst {
            Some(burst) => e.array(2)?.u32(burst.interval_ms)?.i64(burst.until_ms)?,
            None => e.null()?,
        };
        e.array(config.channels.len() as u64)?;
        for (i, channel) in config.channels.iter().enumerate() {
            if Changed::has(self.changed.interval, i) {
                e.u32(channel.sampling.interval_ms)?;
            } else {
                e.null()?;
            }
            match &channel.calibration {
                Some(calibration) if Changed::has(self.changed.calibration, i) => {
                    calibration.write(e)?;
                }
                _ => {
                    e.null()?;
                }
            }
        }
        Ok(())
    }

    /// Reads settings into default ones, and puts into the configuration what commands changed in it, if it is still
    /// the one that they changed. Of settings that cannot be read as much is taken as can be.
    pub fn read(&mut self, bytes: &[u8], config: &mut Config) {
        // What comes behind an item that cannot be read is not known; what came before holds.
        let _ = self.decode(&mut Reader::new(bytes), config);
    }

    fn decode(&mut self, r: &mut Reader<'_>, config: &mut Config) -> Option<()> {
        r.array_of(ITEMS)?;
        if r.number::<u8>()? != LAYOUT {
            return None;
        }
        (self.boot, self.lost) = (r.number()?, r.number()?);
        self.panic = r.optional(Reader::text)?.and_then(|text| Text::try_from(text).ok());
        for _ in 0..r.array()? {
            let (counter, refused) = (r.signed()?, Refusal::from_number(r.number()?));
            let _ = self.heard.push(Heard { counter, refused });
        }
        for _ in 0..r.array()? {
            let clock = KnownClock { boot: r.number()?, offset_ms: r.signed()? };
            let _ = self.clocks.push(clock);
        }
        if r.number::<u32>()? != config.installed() {
            return None;
        }
        self.burst = r.optional(|r| {
            r.array_of(2)?;
            Some(Burst { interval_ms: r.number()?, until_ms: r.signed()? })
        })?;
        for i in 0..usize::try_from(r.array()?).ok()? {
            let interval = r.optional(Reader::number)?;
            let calibration = r.optional(Calibration::read)?;
            let channel = config.channels.get_mut(i)?;
            if let Some(interval_ms) = interval {
                channel.sampling.interval_ms = interval_ms;
                self.changed.interval(i);
            }
            if calibration.is_some() {
                channel.calibration = calibration;
                self.changed.calibration(i);
            }
        }
        Some(())
    }

    /// Remembers a command, which is newer than all before.
    pub fn remember(&mut self, heard: Heard) {
        if self.heard.is_full() {
            self.heard.remove(0);
        }
        let _ = self.heard.push(heard);
    }

    /// Remembers a run's clock; the oldest goes when there are too many.
    pub fn remember_clock(&mut self, clock: KnownClock) {
        self.clocks.retain(|known| known.boot != clock.boot);
        if self.clocks.is_full() {
            self.clocks.remove(0);
        }
        let _ = self.clocks.push(clock);
    }

    /// How the clock of a run stood, if it ever knew the time.
    pub fn clock_of(&self, boot: u32) -> Option<i64> {
        self.clocks.iter().find(|known| known.boot == boot).map(|known| known.offset_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::full;

    fn settings() -> Settings {
        let mut settings = Settings {
            boot: u32::MAX,
            burst: Some(Burst { interval_ms: 86_400_000, until_ms: 1_790_000_000_000 }),
            lost: u32::MAX,
            panic: Some(Text::try_from("p".repeat(MAX_PANIC_BYTES).as_str()).unwrap()),
            ..Settings::default()
        };
        for i in 0..10 {
            let counter = i64::MAX - 10 + i;
            settings.remember(Heard { counter, refused: Some(Refusal::TooLate) });
        }
        for boot in 0..6 {
            let boot = u32::MAX - boot;
            settings.remember_clock(KnownClock { boot, offset_ms: 1_790_000_000_000 });
        }
        for channel in 0..MAX_CHANNELS {
            settings.changed.interval(channel);
            settings.changed.calibration(channel);
        }
        settings
    }

    #[test]
    fn the_largest_settings_read_back_as_they_were_written() {
        let mut changed = full();
        changed.channels.iter_mut().for_each(|c| c.sampling.interval_ms = 86_400_000);
        let mut buffer = [0; SETTINGS_BYTES];
        let length = settings().write(&changed, &mut buffer).unwrap();
        let bytes = &buffer[..length];
        let mut config = full();
        let mut read = Settings::default();
        read.read(bytes, &mut config);
        assert_eq!(read, settings());
        assert_eq!(config, changed);
    }

    #[test]
    fn what_commands_changed_ends_with_another_configuration_and_the_rest_stays() {
        let mut buffer = [0; SETTINGS_BYTES];
        let length = settings().write(&full(), &mut buffer).unwrap();
        let bytes = &buffer[..length];
        let mut encoded = [0; crate::limits::MAX_CONFIG_BYTES];
        let end = full().encode(&mut encoded).unwrap();
        let mut other = Config::decode(&encoded[..end]).unwrap();
        let mut read = Settings::default();
        read.read(bytes, &mut other);
        assert_eq!((read.heard, read.burst), (settings().heard, None));
        assert_eq!(read.changed, Changed::default());
    }

    #[test]
    fn rotten_settings_are_read_as_far_as_they_go() {
        let mut buffer = [0; SETTINGS_BYTES];
        let length = settings().write(&full(), &mut buffer).unwrap();
        for end in 0..length {
            let mut config = full();
            let mut read = Settings::default();
            read.read(&buffer[..end], &mut config);
            assert!(read.boot == u32::MAX || end < 12);
        }
    }
}
