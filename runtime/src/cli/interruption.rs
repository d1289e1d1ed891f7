//! Interruptions by the user: the run ends early, and what there is of its results is written.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_shutdown};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit status of an interrupted run.
pub const STATUS: u8 = 130;

/// Whether the user wants the run to end.
#[derive(Clone, Debug, Default)]
pub struct Interruption(Arc<AtomicBool>);

impl Interruption {
    /// Listens to the terminal and the system from now on. A second interruption ends the program at
    /// once.
    pub fn listen() -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The order matters: the first handler sees what the second one did the time before.
            let handlers = [
                register_conditional_shutdown(signal, i32::from(STATUS), flag.clone()),
                register(signal, flag.clone()),
            ];
            if let Some(error) = handlers.into_iter().find_map(Result::err) {
                tracing::debug!("interruptions are not caught: {error}");
            }
        }
        Self(flag)
    }

    /// Whether it happened.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
