//! What a GPU is asked to do: counted on the host, and modelled from the kernels and from where their data lie.

/// The work of a run on a GPU. Bytes are those of the device's own memory, not of the memory of workgroups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Bytes of a real.
    pub real: usize,
    /// Invocations of a workgroup.
    pub workgroup: u32,
    /// Invocations that run a cell together.
    pub threads: u32,
    /// Whether the data of a workgroup's cells are in its memory during a window.
    pub resident: bool,
    /// Workgroups of a dispatch over all cells.
    pub workgroups: u64,
    /// Bytes of memory of a workgroup.
    pub workgroup_memory: u64,
    /// Cells.
    pub cells: u64,
    /// Compartments with a membrane.
    pub compartments: u64,
    /// Of all cells in a step.
    pub step: StepAccount,
    /// Barriers of a workgroup in a step.
    pub barriers: u32,
    /// Bytes of the state that has to be read and written once a window.
    pub state: u64,
    /// Bytes that a dispatch reads, and writes, however many steps it has.
    pub dispatch: [u64; 2],
    /// Counted in the run so far.
    pub counted: Counted,
}

/// A step of all cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepAccount {
    /// Floating-point operations.
    pub flops: u64,
    /// Exponentials among them.
    pub exponentials: u64,
    /// Divisions among them.
    pub divisions: u64,
    /// Bytes of state, parameters and indices moved.
    pub streamed: u64,
    /// Bytes read from tables of mechanisms, which stay in caches.
    pub tables: u64,
    /// Bytes read that tell the time, if kernels want to know.
    pub times: u64,
    /// Bytes of recorded values written.
    pub recorded: u64,
    /// Bytes moved in the memory of workgroups.
    pub local: u64,
}

/// What the host did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Windows.
    pub windows: u64,
    /// Steps of them.
    pub steps: u64,
    /// Dispatches in them.
    pub dispatches: u64,
    /// Waits for the device.
    pub waits: u64,
    /// Of these, those in the middle of a window.
    pub waits_within: u64,
    /// Bytes given to the device.
    pub uploaded: u64,
    /// Bytes read back.
    pub read_back: u64,
}

impl Account {
    /// Bytes of the device's memory for a step, if a window has so many and is one dispatch; without those that stay in
    /// caches and those that are results.
    pub fn bytes_per_step(&self, steps: f64) -> f64 {
        let [read, written] = self.dispatch;
        (self.step.streamed + self.step.times) as f64 + (read + written) as f64 / steps
    }

    /// The same beside the state that has to be moved once a window.
    pub fn bytes_by_state(&self, steps: f64) -> f64 {
        self.bytes_per_step(steps) / (self.state as f64 / steps)
    }

    /// Steps of a window on average.
    pub fn steps_per_window(&self) -> f64 {
        self.counted.steps as f64 / self.counted.windows.max(1) as f64
    }
}
