//! What a network needs of the memory once it can be simulated.

/// Bytes that are allocated, by what they belong to. Queues of events and of what is recorded are not among them: they
/// grow with activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Nodes, density mechanisms, ions, trees, detectors and the groups themselves.
    pub compartments: usize,
    /// Point processes, artificial cells, NetCons and their arguments.
    pub synapses: usize,
}
