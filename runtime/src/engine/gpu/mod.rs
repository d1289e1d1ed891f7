//! The GPU engine: one invocation runs one cell through a whole window, on any GPU that wgpu reaches.
//!
//! The window kernel is composed when the network is loaded, from hand-written WGSL (`shaders/`) and
//! the mechanisms' functions that `codegen` emits (`compose`). All state stays on the device
//! (`arena`, `batch`); a window goes there as times and events (`window`) and comes back as
//! spikes and samples, in one submission. Arithmetic is done in the order of the CPU engine, and in
//! strict mode (`spirv`) no driver may rearrange it: then both engines give the same bits.

mod arena;
mod batch;
mod check;
mod compose;
mod device;
mod error;
mod image;
mod kept;
mod making;
mod mapping;
mod model;
mod partition;
mod pipeline;
mod rounding;
mod rounds;
mod spirv;
mod split;
#[cfg(test)]
mod tests;
mod window;
mod words;

pub use device::{AdapterDescription, list_adapters};
pub use error::GpuError;

use super::{Account, Emission, Engine, EngineError, Event, Output, Spike, TimeAxis, Window};
use crate::layout::Layout;
use arena::{Arena, Largest, Plan};
use batch::{Batch, READ_ONLY, Report, Work};
use codegen::back::Real;
use device::Device;
use kept::Kept;
use mapping::Mapping;
use pipeline::Pipelines;
use split::Targets;
use std::ops::Range;
use std::time::{Duration, Instant};
use window::WindowWriter;

/// Choices of the GPU engine.
#[derive(Clone, Debug, Default)]
pub struct GpuOptions {
    /// Evaluate dI/dv by NEURON's difference quotient instead of analytically, and assemble the equations in its order.
    pub difference: bool,
    /// Forbid the driver to rearrange arithmetic: results equal the strict CPU engine's bit for bit.
    pub strict: bool,
    /// Part of the name of the adapter to use, in any case of letters; the best one if `None`.
    pub adapter: Option<String>,
    /// Invocations that run one cell together: a power of two up to 32, or 0 to choose by the device
    /// and the network. No choice changes results in strict mode.
    pub threads: u32,
    /// Keep only values that kernels or probes read: a snapshot has 0 for others.
    pub lean: bool,
}

/// Kernels by their places among the pipelines.
const INITIALISE: usize = 0;
const ADVANCE: usize = 1;
const SETTLE: usize = 2;
/// Of a network with transfers of potentials, the kernels of half a step, and that between them.
const HALVES: [usize; 3] = [3, 4, 5];
/// Their names.
const KERNELS: [&str; 6] = ["initialise", "advance", "settle", "advance_potentials", "transfer", "advance_states"];

/// Advances a network on a GPU.
pub struct GpuEngine {
    device: Device,
    /// [`KERNELS`], the latter half only where there are transfers.
    pipelines: Pipelines,
    batches: Vec<Batch>,
    /// Batch and place in it of each group.
    places: Vec<(usize, usize)>,
    writer: WindowWriter,
    time: TimeAxis,
    pace: Pace,
    account: Account,
    /// Most steps of one dispatch that the device can do.
    able: u32,
    real: Real,
    /// Names of the layout's mechanisms.
    mechanisms: Vec<String>,
    strict: bool,
    /// In strict mode, what the device rounds otherwise than a CPU.
    deviations: Vec<&'static str>,
}

impl GpuEngine {
    /// Opens a device and copies a layout to it. `wgsl` holds the functions of each mechanism of the
    /// layout, as [`codegen::back::wgsl::emit_functions`] gives them for `real`.
    ///
    /// # Errors
    /// When there is no such device, it lacks a capability that is needed, or the network is too
    /// large for it.
    pub fn new(
        layout: &Layout,
        wgsl: &[String],
        real: Real,
        time: TimeAxis,
        options: &GpuOptions,
    ) -> Result<Self, GpuError> {
        let device = Device::open(options.adapter.as_deref(), real, options.strict)?;
        Self::on(device, layout, wgsl, real, time, options)
    }

    fn on(
        device: Device,
        layout: &Layout,
        wgsl: &[String],
        real: Real,
        time: TimeAxis,
        options: &GpuOptions,
    ) -> Result<Self, GpuError> {
        check::check(layout)?;
        let software = device.description.kind == "software";
        let (kept, targets) = (Kept::new(layout, options.lean), Targets::new(layout));
        let plan = Plan {
            layout,
            targets: &targets,
            kept: &kept,
            mapping: Mapping::streamed(layout, options.threads, software),
            assembled: options.difference,
            geometry: ["nodes.area", "nodes.diam"].map(|name| wgsl.iter().any(|text| text.contains(name))),
            real: words::size(real),
            memory: device.workgroup_memory,
        };
        let limit = device.description.max_binding;
        let resident = Mapping::resident(layout, options.threads, software).and_then(|mapping| {
            let plan = Plan { mapping, ..plan };
            Arena::all(plan, limit).map(|arenas| (plan, arenas))
        });
        let (plan, arenas) =
            resident.or_else(|| Arena::all(plan, limit).map(|arenas| (plan, arenas))).unwrap_or((plan, Vec::new()));
        let (mapping, largest) = (plan.mapping, Largest::of(&arenas));
        let text = compose::compose(layout, wgsl, &kept, real, options.difference, (mapping, largest))?;
        let names = if layout.transfers.is_empty() { &KERNELS[..HALVES[0]] } else { &KERNELS };
        let pipelines = pipeline::build(&device, &text, real, options.strict, &READ_ONLY, mapping.workgroup, names)?;
        let account = model::account(plan, &arenas, wgsl, options.difference);
        let mut batches = Vec::new();
        let mut places = Vec::with_capacity(layout.groups.len());
        for arena in arenas {
            places.extend((0..arena.groups.len()).map(|place| (batches.len(), place)));
            let batch = Batch::new(&device, arena, real)?;
            device.require("spikes and recorded values of one step", batch.output_size(1))?;
            batches.push(batch);
        }
        if !layout.transfers.is_empty() && batches.len() > 1 {
            return Err(GpuError::CoupledBatches { adapter: device.description.name });
        }
        device.check().map_err(GpuError::Device)?;
        let copied =
            if mapping.resident { 2 * (largest.image + largest.places) / mapping.workgroup as usize } else { 0 };
        let able = if software { rounds::most_steps(layout, wgsl, copied) } else { u32::MAX };
        let deviations = if options.strict { rounding::deviations(&device, real)? } else { Vec::new() };
        if !deviations.is_empty() {
            let (adapter, what) = (&device.description.name, deviations.join(" and "));
            tracing::warn!("`{adapter}` does not round {what} as a CPU does: results may differ from the CPU's");
        }
        Ok(Self {
            device,
            pipelines,
            batches,
            places,
            writer: WindowWriter::new(real, layout.celsius, layout.v_init),
            time,
            pace: Pace::of(account.step.flops, software),
            account,
            able,
            real,
            mechanisms: layout.mechanisms.iter().map(|mechanism| mechanism.name.clone()).collect(),
            strict: options.strict,
            deviations,
        })
    }

    /// The adapter it runs on.
    pub fn adapter(&self) -> &AdapterDescription {
        &self.device.description
    }

    /// Whether it gives the bits of the strict CPU engine: it runs in strict mode, on a device that was
    /// found to round like a CPU.
    pub fn is_exact(&self) -> bool {
        self.strict && self.deviations.is_empty()
    }

    /// Runs a kernel over all batches and gathers what each gave; that of a window by halves of so many steps where
    /// potentials are transferred.
    fn dispatch(&mut self, kernel: usize, steps: u32) -> Result<Vec<Report>, String> {
        let kernels = &self.pipelines.kernels;
        let work = match kernel {
            ADVANCE if kernels.len() > HALVES[0] => Work::Halves { kernels: HALVES.map(|half| &kernels[half]), steps },
            _ => Work::Whole(&kernels[kernel]),
        };
        let mut encoder = self.device.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        for batch in &self.batches {
            batch.encode(&mut encoder, &work);
        }
        self.device.queue.submit([encoder.finish()]);
        for batch in &self.batches {
            batch.map();
        }
        self.device.wait()?;
        let counted = &mut self.account.counted;
        counted.waits += 1;
        counted.read_back += self.batches.iter().map(Batch::read_back).sum::<u64>();
        self.batches.iter_mut().map(|batch| batch.read(&self.device)).collect()
    }

    /// Runs some steps, few enough for one dispatch.
    fn steps(&mut self, steps: Range<u64>, window: &Window<'_>) -> Result<Vec<Report>, String> {
        let count = (steps.end - steps.start) as u32;
        for batch in &mut self.batches {
            let words = self.writer.advance(steps.clone(), &self.time, &batch.arena, window)?;
            self.account.counted.uploaded += 4 * words.len() as u64;
            batch.upload(&self.device, &self.pipelines.layout, count, words);
        }
        let begin = Instant::now();
        let reports = self.dispatch(ADVANCE, count)?;
        self.pace.observe(count, begin.elapsed());
        Ok(reports)
    }

    /// Most steps of one dispatch, by time, by memory and by what the device is able to.
    fn most_steps(&self) -> u32 {
        let limit = self.device.description.max_binding;
        let fits = |steps: u32| self.batches.iter().all(|batch| batch.output_size(steps) <= limit);
        let mut steps = self.pace.steps.min(self.able);
        while steps > 1 && !fits(steps) {
            steps /= 2;
        }
        steps
    }

    /// Adds what a dispatch gave to the output of a window.
    /// `last` is the step that it ended with.
    fn gather(&self, output: &mut Output, reports: Vec<Report>, first: u64, last: u64) -> Result<(), EngineError> {
        for (batch, report) in self.batches.iter().zip(reports) {
            let t = self.time.begin(last);
            if let Some(failed) = report.failed {
                let mechanism = &self.mechanisms[failed.mechanism];
                return Err(EngineError::Device(format!("mechanism `{mechanism}`, by t = {t} ms: {}", failed.what)));
            }
            if let Some(cell) = report.not_finite {
                return Err(EngineError::NotFinite { cell: batch.arena.cells[cell as usize], t });
            }
            output.emissions.extend(report.emissions.iter().map(|&[instance, sent, time]| Emission {
                sent,
                time,
                instance: instance as u32,
            }));
            let spike = |&[step, cell]: &[u32; 2]| Spike {
                step: first + u64::from(step),
                cell: batch.arena.cells[cell as usize],
            };
            output.spikes.extend(report.spikes.iter().map(spike));
            let steps = report.samples.len() / batch.arena.probes.max(1);
            let mut rest = report.samples.as_slice();
            for group in &batch.arena.groups {
                let (samples, after) = rest.split_at(group.probes * steps);
                output.samples[group.index].extend_from_slice(samples);
                rest = after;
            }
        }
        Ok(())
    }

    fn empty_output(&self) -> Output {
        Output { spikes: Vec::new(), emissions: Vec::new(), samples: vec![Vec::new(); self.places.len()] }
    }
}

impl Engine for GpuEngine {
    fn initialise(&mut self) -> Result<Output, EngineError> {
        let words = self.writer.initialise(&self.time);
        for batch in &mut self.batches {
            batch.upload(&self.device, &self.pipelines.layout, 0, words);
        }
        let reports = self.dispatch(INITIALISE, 0).map_err(EngineError::Device)?;
        let mut output = self.empty_output();
        self.gather(&mut output, reports, 0, 0)?;
        sort(&mut output);
        Ok(output)
    }

    fn advance(&mut self, window: Window<'_>) -> Result<Output, EngineError> {
        let mut output = self.empty_output();
        let end = window.first + u64::from(window.steps);
        let mut first = window.first;
        self.account.counted.windows += 1;
        self.account.counted.steps += u64::from(window.steps);
        while first < end {
            let last = end.min(first + u64::from(self.most_steps()));
            let halves = self.pipelines.kernels.len() > HALVES[0];
            let each = if halves { 3 * (last - first) } else { 1 };
            self.account.counted.dispatches += each * self.batches.len() as u64;
            self.account.counted.waits_within += u64::from(last < end);
            let reports = self.steps(first..last, &window).map_err(EngineError::Device)?;
            self.gather(&mut output, reports, first, last)?;
            first = last;
        }
        sort(&mut output);
        Ok(output)
    }

    fn deliver(&mut self, step: u64, until: f64, watch: bool, events: &[Vec<Event>]) -> Result<Output, EngineError> {
        if watch {
            return Err(EngineError::Unsupported("a GPU looks at WATCH only within a step".to_owned()));
        }
        for batch in &mut self.batches {
            let words =
                self.writer.settle(step, until, &self.time, &batch.arena, events).map_err(EngineError::Device)?;
            batch.upload(&self.device, &self.pipelines.layout, 0, words);
        }
        let reports = self.dispatch(SETTLE, 0).map_err(EngineError::Device)?;
        let mut output = self.empty_output();
        self.gather(&mut output, reports, step, step)?;
        sort(&mut output);
        Ok(output)
    }

    fn next_event(&self) -> Option<f64> {
        None
    }

    fn snapshot(&mut self, group: usize) -> Result<Vec<f64>, EngineError> {
        let (batch, place) = self.places[group];
        self.batches[batch].snapshot(&self.device, place).map_err(EngineError::Device)
    }

    fn account(&self) -> Option<Account> {
        Some(self.account.clone())
    }

    fn describe(&self) -> String {
        let real = match self.real {
            Real::F32 => "f32",
            Real::F64 => "f64",
        };
        let strict = match (self.strict, self.is_exact()) {
            (false, _) => "",
            (true, true) => ", strict",
            (true, false) => ", strict but for the device's rounding",
        };
        format!("GPU {} ({}), {real}{strict}", self.device.description.name, self.device.description.backend)
    }
}

/// Brings what was gathered into the order of an [`Output`].
fn sort(output: &mut Output) {
    output.spikes.sort_unstable();
    output.emissions.sort_by(|a, b| a.sent.total_cmp(&b.sent).then(a.instance.cmp(&b.instance)));
}

/// Keeps dispatches short, so that no watchdog ends them and the machine stays usable.
#[derive(Debug)]
struct Pace {
    /// Steps of the next dispatch at most.
    steps: u32,
}

/// Time that a dispatch may take.
const TARGET: Duration = Duration::from_millis(50);

/// Floating-point operations per second that a GPU can be expected to do, a slow one, and one made of software.
const SLOW: [f64; 2] = [2e11, 2e9];

impl Pace {
    /// Before the first dispatch; a step has so many floating-point operations.
    fn of(flops: u64, software: bool) -> Self {
        let steps = TARGET.as_secs_f64() * SLOW[usize::from(software)] / flops.max(1) as f64;
        Self { steps: (steps as u32).max(8) }
    }

    /// Takes a dispatch into account: halves or doubles at most.
    fn observe(&mut self, steps: u32, took: Duration) {
        let fitting = f64::from(steps) * TARGET.as_secs_f64() / took.as_secs_f64().max(1e-9);
        // Shorter windows than allowed say nothing about longer ones.
        let most = if steps < self.steps { self.steps } else { self.steps.saturating_mul(2) };
        self.steps = (fitting as u32).clamp((self.steps / 2).max(1), most.max(1));
    }
}
