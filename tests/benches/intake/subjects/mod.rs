//! Who takes the readings.

pub mod aftercare;
pub mod bare;
pub mod telegraf;

use system_tests::{Mosquitto, cpu_seconds};

use crate::load::Load;

/// CPU seconds of one run.
pub struct Cost {
    /// Of the process that takes the readings from the broker.
    pub taker: f64,
    /// Of the database behind it, where that is another process.
    pub behind: f64,
}

#[derive(Clone, Copy)]
pub enum Subject {
    Bare,
    Aftercare,
    Telegraf,
}

impl Subject {
    pub const ALL: [Self; 3] = [Self::Bare, Self::Aftercare, Self::Telegraf];

    /// Runs the load once on a broker of its own.
    pub async fn measure(self, load: Load) -> anyhow::Result<Cost> {
        let broker = Mosquitto::start().await?;
        match self {
            Self::Bare => bare::measure(&broker.url, load).await,
            Self::Aftercare => aftercare::measure(&broker.url, load).await,
            Self::Telegraf => telegraf::measure(&broker.url, load).await,
        }
    }
}

/// CPU time of a process since a moment.
struct Meter {
    pid: u32,
    before: f64,
}

impl Meter {
    fn start(pid: u32) -> anyhow::Result<Self> {
        Ok(Self { pid, before: cpu_seconds(pid)? })
    }

    fn read(&self) -> anyhow::Result<f64> {
        Ok(cpu_seconds(self.pid)? - self.before)
    }
}
