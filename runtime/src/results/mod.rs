//! What a run leaves behind: spikes, reports, the log, the resolved configuration.

mod field;
mod output;
mod recorder;
mod spikes;

pub use output::Output;
pub use recorder::{Counts, Recorder, RecorderError};
pub use spikes::SpikeStream;
