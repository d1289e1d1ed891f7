//! The progress bar, on standard error, only on a terminal.

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// Simulated time against the clock.
pub struct Progress {
    bar: ProgressBar,
    dt: f64,
}

impl Progress {
    /// A bar over `steps` steps of `dt` ms; hidden where nobody would see it.
    pub fn new(bars: &MultiProgress, steps: u64, dt: f64, hidden: bool) -> Self {
        let bar = bars.add(ProgressBar::new(steps));
        if hidden || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template("{wide_bar} {percent:>3}%  {msg}  {elapsed} (ETA {eta})")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self { bar, dt }
    }

    /// Shows that `step` steps are done and how many spikes there were.
    pub fn set(&self, step: u64, spikes: u64) {
        self.bar.set_message(format!("t = {:.1} ms, {spikes} spikes", step as f64 * self.dt));
        self.bar.set_position(step);
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
