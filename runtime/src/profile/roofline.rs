//! How long a step must take on GPUs that are not at hand: the slowest of what they have to do at their published peaks.

use crate::engine::Account;

/// Published peaks of a GPU.
#[derive(Clone, Copy, Debug)]
pub struct Gpu {
    /// Name.
    pub name: &'static str,
    /// Operations per second in single and in double precision, a fused multiply-add counted as two; none if it cannot.
    pub flops: [Option<f64>; 2],
    /// Bytes per second of the device's memory.
    pub memory: f64,
    /// Bytes per second of the memory of all workgroups, where its maker tells.
    pub local: Option<f64>,
}

/// A large one, a laptop's, and one that is a part of a processor.
///
/// H100 SXM: NVIDIA, H100 Tensor Core GPU Datasheet (67 and 34 TFLOP/s, 3.35 TB/s); 132 multiprocessors with 32 banks of 4
/// bytes each, at the clock that gives 67 TFLOP/s: NVIDIA H100 Tensor Core GPU Architecture (2022). M3 Max with 40 cores:
/// Apple, MacBook Pro (14-inch, M3 Pro or M3 Max, Nov 2023), Technical Specifications (400 GB/s); Apple gives no operations
/// per second: 40 cores of 128 units at 1.38 GHz, as others found. Iris Xe: Intel, Core i7-1185G7 specifications (96
/// execution units at 1.35 GHz; LPDDR4x-4267, 128 bits), 8 fused multiply-adds each in a cycle; no double precision.
pub const GPUS: [Gpu; 3] = [
    Gpu { name: "H100 SXM", flops: [Some(67e12), Some(34e12)], memory: 3.35e12, local: Some(132.0 * 128.0 * 1.98e9) },
    Gpu { name: "Apple M3 Max", flops: [Some(14.1e12), None], memory: 400e9, local: None },
    Gpu { name: "Intel Iris Xe", flops: [Some(96.0 * 16.0 * 1.35e9), None], memory: 68.3e9, local: None },
];

/// Most of the operations are no fused multiply-adds: half of the peak is theirs.
const UNFUSED: f64 = 0.5;
/// Seconds of a dispatch that waits for the one before it and whose results the host reads: a usual value, not measured.
const DISPATCH: f64 = 10e-6;

/// Seconds of a step on a GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roofline {
    /// Of arithmetic.
    pub arithmetic: f64,
    /// Of the device's memory.
    pub memory: f64,
    /// Of the memory of workgroups, if it is known.
    pub local: Option<f64>,
    /// Of dispatches.
    pub dispatches: f64,
}

impl Roofline {
    /// Of a step in windows of so many; none where the GPU lacks the precision.
    pub fn of(account: &Account, gpu: &Gpu, steps: f64) -> Option<Self> {
        let flops = gpu.flops[usize::from(account.real == 8)]?;
        let results = account.step.recorded as f64;
        Some(Self {
            arithmetic: account.step.flops as f64 / (flops * UNFUSED),
            memory: (account.bytes_per_step(steps) + results) / gpu.memory,
            local: gpu.local.map(|local| account.step.local as f64 / local),
            dispatches: DISPATCH / steps,
        })
    }

    /// The slowest of those that overlap, and dispatches, which nothing overlaps.
    pub fn seconds(&self) -> f64 {
        self.arithmetic.max(self.memory).max(self.local.unwrap_or(0.0)) + self.dispatches
    }

    /// What is slowest.
    pub fn limit(&self) -> &'static str {
        let all = [
            (self.arithmetic, "arithmetic"),
            (self.memory, "memory"),
            (self.local.unwrap_or(0.0), "workgroups' memory"),
            (self.dispatches, "dispatches"),
        ];
        all.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or("", |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::StepAccount;

    #[test]
    fn the_slowest_part_decides() {
        let step = StepAccount { flops: 67_000_000, local: 1, ..StepAccount::default() };
        let account = Account { real: 4, step, dispatch: [3_350_000, 0], ..Account::default() };
        let of = Roofline::of(&account, &GPUS[0], 100.0).unwrap();
        assert!((of.arithmetic - 2e-6).abs() < 1e-12 && (of.memory - 1e-8).abs() < 1e-14, "{of:?}");
        assert_eq!(of.limit(), "arithmetic");
        assert!((of.seconds() - 2.1e-6).abs() < 1e-12);
        assert_eq!(Roofline::of(&Account { real: 8, ..account }, &GPUS[1], 100.0), None);
    }
}
