//! Why a GPU engine cannot be made.

/// Why a GPU engine cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum GpuError {
    /// The machine has no adapter at all.
    #[error(
        "no GPU adapter found; install a Vulkan driver, for instance `apt-get install mesa-vulkan-drivers` (a software device)"
    )]
    NoAdapter,
    /// No adapter has the name that was asked for.
    #[error("no GPU adapter is named like `{wanted}`; there are: {available}")]
    NoSuchAdapter {
        /// What was asked for.
        wanted: String,
        /// The names there are.
        available: String,
    },
    /// The adapter cannot compute in double precision.
    #[error("the GPU `{adapter}` has no 64-bit floating-point shaders; use f32")]
    NoDouble {
        /// Its name.
        adapter: String,
    },
    /// The adapter's driver interface takes no SPIR-V.
    #[error(
        "the GPU `{adapter}` ({backend}) takes no shaders in SPIR-V, which bit-exact runs need; leave out the strict mode"
    )]
    NoPassthrough {
        /// Its name.
        adapter: String,
        /// Its driver interface.
        backend: String,
    },
    /// The network exceeds a limit of the adapter.
    #[error(
        "{what} of {size} bytes exceed what the GPU `{adapter}` allows ({limit} bytes); use smaller groups of cells, f32, a device with more memory, or the CPU"
    )]
    TooLarge {
        /// What is too big.
        what: String,
        /// Its size.
        size: u64,
        /// The adapter's name.
        adapter: String,
        /// The limit.
        limit: u64,
    },
    /// Cells that follow each other's potentials are in different bindings.
    #[error(
        "gap junctions connect cells whose state does not fit into one buffer of the GPU `{adapter}`; use f32, a device with more memory, or the CPU"
    )]
    CoupledBatches {
        /// The adapter's name.
        adapter: String,
    },
    /// A mechanism that cannot run on a GPU.
    #[error("the mechanism `{mechanism}` cannot run on a GPU: {reason}; run on the CPU")]
    Unsupported {
        /// The mechanism.
        mechanism: String,
        /// Why.
        reason: String,
    },
    /// The arrays of the network contradict each other.
    #[error("the network's arrays are inconsistent: {0}")]
    Layout(String),
    /// The composed shader is not valid.
    #[error("the composed shader is not valid; this is a defect of the compiler, please report it:\n{0}")]
    Shader(String),
    /// The device failed.
    #[error("GPU: {0}")]
    Device(String),
}
