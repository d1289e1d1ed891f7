//! The buffers of a batch of cell groups on the device, and one dispatch over them.

use super::GpuError;
use super::arena::Arena;
use super::device::Device;
use super::image::Piece;
use super::words;
use codegen::back::Real;
use wgpu::util::DeviceExt;

/// Which bindings of the window kernels are only read: values, tables, groups, window, samples, report, emissions,
/// constants.
pub(super) const READ_ONLY: [bool; 8] = [false, true, true, true, false, false, false, true];

/// Bytes of a report before its spikes, and of a spike.
const REPORT_HEAD: u64 = 24;
const HEAD_WORDS: usize = REPORT_HEAD as usize / 4;
const SPIKE: u64 = 8;
/// Spikes read back with every window; more cost a second copy.
const EXPECTED_SPIKES: u64 = 1024;

/// What a dispatch gave for one batch.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Pairs of step in the window and cell of the batch, in no order.
    pub(super) spikes: Vec<[u32; 2]>,
    /// The first cell of the batch whose potential is not finite.
    pub(super) not_finite: Option<u32>,
    /// All samples, group after group.
    pub(super) samples: Vec<f64>,
    /// Instance, time of sending and time of the events of instances to others, in order of sending within a cell.
    pub(super) emissions: Vec<[f64; 3]>,
    /// What is wrong with an event that a mechanism has sent.
    pub(super) failed: Option<EventFailure>,
}

/// What is wrong with an event that a mechanism has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventFailure {
    /// Number of the mechanism.
    pub(super) mechanism: usize,
    /// What.
    pub(super) what: &'static str,
}

/// By number, from 1: `NEGATIVE_DELAY` and so on of `shaders/events.wgsl`.
const EVENT_FAILURES: [&str; 5] = [
    "the delay of net_send is negative",
    "net_move, but no event of flag 1 is waiting",
    "the time of net_event or net_move is past",
    "more events wait at one instance than a GPU keeps; run on the CPU",
    "NET_RECEIVE sends more events at once than a GPU takes; run on the CPU",
];

/// Workgroups side by side that transfer potentials; more are in further rows.
const MOST_TRANSFERRING: u32 = 1 << 15;

/// What is dispatched.
pub(super) enum Work<'a> {
    /// A kernel for all of it.
    Whole(&'a wgpu::ComputePipeline),
    /// So many steps by halves, with potentials transferred between them.
    Halves { kernels: [&'a wgpu::ComputePipeline; 3], steps: u32 },
}

/// A batch on the device.
pub(super) struct Batch {
    pub(super) arena: Arena,
    real: Real,
    values: wgpu::Buffer,
    tables: wgpu::Buffer,
    headers: wgpu::Buffer,
    constants: wgpu::Buffer,
    window: Growing,
    samples: Growing,
    report: Growing,
    emissions: Growing,
    staging: Growing,
    bind_group: Option<wgpu::BindGroup>,
    workgroups: [u32; 2],
    /// Of the dispatch under way: bytes of report and of samples in `staging`.
    copied: [u64; 2],
}

/// A buffer that is replaced by a bigger one when needed.
struct Growing {
    label: &'static str,
    usage: wgpu::BufferUsages,
    buffer: Option<wgpu::Buffer>,
}

impl Growing {
    fn new(label: &'static str, usage: wgpu::BufferUsages) -> Self {
        Self { label, usage, buffer: None }
    }

    /// Whether it had to be replaced.
    fn reserve(&mut self, device: &wgpu::Device, size: u64) -> bool {
        if self.buffer.as_ref().is_some_and(|buffer| buffer.size() >= size) {
            return false;
        }
        let descriptor = wgpu::BufferDescriptor {
            label: Some(self.label),
            size: size.next_multiple_of(256),
            usage: self.usage,
            mapped_at_creation: false,
        };
        self.buffer = Some(device.create_buffer(&descriptor));
        true
    }

    fn get(&self) -> &wgpu::Buffer {
        self.buffer.as_ref().unwrap_or_else(|| unreachable!("`{}` is reserved before it is used", self.label))
    }
}

impl Batch {
    /// Copies the arrays to the device.
    pub(super) fn new(device: &Device, mut arena: Arena, real: Real) -> Result<Self, GpuError> {
        use wgpu::BufferUsages as Usage;
        device.require("the state of the cells", (arena.values.len() * words::size(real)) as u64)?;
        device.require("the indices of the cells", (arena.tables.len() * 4) as u64)?;
        let buffer = |label, contents: &[u8], usage| {
            let descriptor = wgpu::util::BufferInitDescriptor { label: Some(label), contents, usage };
            device.device.create_buffer_init(&descriptor)
        };
        let values = words::encode(&arena.values, real);
        let mut constants = std::mem::take(&mut arena.constants);
        // No binding is empty.
        constants.push(0.0);
        let x = arena.workgroups.min(device.max_workgroups as usize).max(1);
        let mut batch = Self {
            real,
            values: buffer("values", &values, Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST),
            tables: buffer("tables", bytemuck::cast_slice(&arena.tables), Usage::STORAGE),
            headers: buffer("groups", bytemuck::cast_slice(&arena.headers), Usage::STORAGE),
            constants: buffer("constants", &words::encode(&constants, real), Usage::STORAGE),
            window: Growing::new("window", Usage::STORAGE | Usage::COPY_DST),
            samples: Growing::new("samples", Usage::STORAGE | Usage::COPY_SRC),
            report: Growing::new("report", Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST),
            emissions: Growing::new("emissions", Usage::STORAGE | Usage::COPY_SRC),
            staging: Growing::new("staging", Usage::MAP_READ | Usage::COPY_DST),
            bind_group: None,
            workgroups: [x as u32, arena.workgroups.div_ceil(x) as u32],
            copied: [0; 2],
            arena,
        };
        // The device has them now.
        batch.arena.values = Vec::new();
        batch.arena.tables = Vec::new();
        Ok(batch)
    }

    /// Bytes of the largest buffer that `steps` steps need besides the state.
    pub(super) fn output_size(&self, steps: u32) -> u64 {
        self.report_size(steps).max(self.samples_size(steps)).max(self.emissions_size(steps))
    }

    fn samples_size(&self, steps: u32) -> u64 {
        u64::from(steps) * (self.arena.probes * words::size(self.real)) as u64
    }

    /// Bytes of an emission.
    fn emission(&self) -> u64 {
        3 * words::size(self.real) as u64
    }

    /// Room for an emission of every instance at every step, and two more.
    fn emissions_size(&self, steps: u32) -> u64 {
        self.arena.senders as u64 * (u64::from(steps) + 2) * self.emission()
    }

    /// A detector must fall below its threshold before it can spike again: every other step at most.
    fn report_size(&self, steps: u32) -> u64 {
        let most = self.arena.cells.len() as u64 * u64::from(steps.max(1).div_ceil(2));
        REPORT_HEAD + SPIKE * most.max(1)
    }

    /// Hands a window to the device.
    pub(super) fn upload(&mut self, device: &Device, layout: &wgpu::BindGroupLayout, steps: u32, window: &[u32]) {
        let samples = self.samples_size(steps);
        let report = self.report_size(steps);
        let expected = report.min(REPORT_HEAD + SPIKE * EXPECTED_SPIKES);
        let replaced = [
            self.window.reserve(&device.device, (window.len() * 4) as u64),
            self.samples.reserve(&device.device, samples.max(16)),
            self.report.reserve(&device.device, report),
            self.emissions.reserve(&device.device, self.emissions_size(steps).max(16)),
        ];
        self.staging.reserve(&device.device, expected + samples);
        if self.bind_group.is_none() || replaced.contains(&true) {
            self.bind_group = Some(self.bind(device, layout));
        }
        self.copied = [expected, samples];
        device.queue.write_buffer(self.window.get(), 0, bytemuck::cast_slice(window));
    }

    fn bind(&self, device: &Device, layout: &wgpu::BindGroupLayout) -> wgpu::BindGroup {
        let buffers = [
            &self.values,
            &self.tables,
            &self.headers,
            self.window.get(),
            self.samples.get(),
            self.report.get(),
            self.emissions.get(),
            &self.constants,
        ];
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        device.device.create_bind_group(&wgpu::BindGroupDescriptor { label: Some("batch"), layout, entries: &entries })
    }

    /// Records the dispatch and the copies of what it gives.
    pub(super) fn encode(&self, encoder: &mut wgpu::CommandEncoder, work: &Work<'_>) {
        encoder.clear_buffer(self.report.get(), 0, Some(REPORT_HEAD));
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_bind_group(0, &self.bind_group, &[]);
            let mut run = |pipeline: &wgpu::ComputePipeline, [x, y]: [u32; 2]| {
                pass.set_pipeline(pipeline);
                pass.dispatch_workgroups(x, y, 1);
            };
            match work {
                Work::Whole(kernel) => run(kernel, self.workgroups),
                Work::Halves { kernels: [potentials, transfer, states], steps } => {
                    let transfers = self.arena.transfers.div_ceil(super::mapping::WORKGROUP as usize) as u32;
                    let x = transfers.clamp(1, MOST_TRANSFERRING);
                    for _ in 0..*steps {
                        run(potentials, self.workgroups);
                        run(transfer, [x, transfers.div_ceil(x).max(1)]);
                        run(states, self.workgroups);
                    }
                }
            }
        }
        let [report, samples] = self.copied;
        encoder.copy_buffer_to_buffer(self.report.get(), 0, self.staging.get(), 0, report);
        if samples > 0 {
            encoder.copy_buffer_to_buffer(self.samples.get(), 0, self.staging.get(), report, samples);
        }
    }

    /// Bytes that come back with a dispatch.
    pub(super) fn read_back(&self) -> u64 {
        self.copied.iter().sum()
    }

    /// Asks for what was copied; it is there after the next wait.
    pub(super) fn map(&self) {
        self.staging.get().map_async(wgpu::MapMode::Read, .., |_| ());
    }

    /// What the dispatch gave.
    pub(super) fn read(&mut self, device: &Device) -> Result<Report, String> {
        let [head, samples] = self.copied;
        let mut report = Report::default();
        let (count, stopped, emitted);
        {
            let bytes = self.staging.get().get_mapped_range(..head + samples).map_err(|error| error.to_string())?;
            let words: &[u32] = bytemuck::cast_slice(&bytes[..head as usize]);
            count = u64::from(words[0]);
            report.not_finite = (words[1] != 0).then(|| u32::MAX - words[1]);
            stopped = words[2] != 0;
            report.failed = EVENT_FAILURES
                .get((words[3] as usize & 0xff).wrapping_sub(1))
                .map(|what| EventFailure { mechanism: words[3] as usize >> 8, what });
            emitted = u64::from(words[4]);
            let there = count.min((head - REPORT_HEAD) / SPIKE) as usize;
            report.spikes.extend_from_slice(&words[HEAD_WORDS..HEAD_WORDS + 2 * there].as_chunks().0[..there]);
            words::decode(&bytes[head as usize..], self.real, &mut report.samples);
        }
        self.staging.get().unmap();
        if stopped {
            let name = &device.description.name;
            return Err(format!("`{name}` left a loop early, so results are wrong: run on the CPU or another GPU"));
        }
        if count > report.spikes.len() as u64 {
            if REPORT_HEAD + SPIKE * count > self.report.get().size() {
                return Err("more spikes than steps allow".to_owned());
            }
            let bytes = REPORT_HEAD..REPORT_HEAD + SPIKE * count;
            let all = copy_back(device, self.report.get(), std::slice::from_ref(&bytes))?;
            report.spikes = bytemuck::cast_slice::<u8, u32>(&all).as_chunks().0.to_vec();
        }
        if emitted > 0 {
            let size = emitted * self.emission();
            if size > self.emissions.get().size() {
                return Err("more net_events than the device has room for; run on the CPU".to_owned());
            }
            let bytes = copy_back(device, self.emissions.get(), std::slice::from_ref(&(0..size)))?;
            let mut values = Vec::with_capacity(3 * emitted as usize);
            words::decode(&bytes, self.real, &mut values);
            report.emissions = values.as_chunks().0.to_vec();
        }
        Ok(report)
    }

    /// All values of a group; see [`super::super::Engine::snapshot`].
    pub(super) fn snapshot(&self, device: &Device, group: usize) -> Result<Vec<f64>, String> {
        let size = words::size(self.real) as u64;
        let group = &self.arena.groups[group];
        let all = group.image as u64 * size..(group.image + group.size.reals) as u64 * size;
        let mut image = Vec::with_capacity(group.size.reals);
        words::decode(&copy_back(device, &self.values, &[all])?, self.real, &mut image);
        let mut values = Vec::new();
        for Piece { range, times } in &group.snapshot {
            match image[range.clone()] {
                [] => values.extend(std::iter::repeat_n(0.0, *times)),
                ref piece => (0..*times).for_each(|_| values.extend_from_slice(piece)),
            }
        }
        Ok(values)
    }
}

/// Reads byte ranges of a buffer, one after the other.
pub(super) fn copy_back(
    device: &Device,
    source: &wgpu::Buffer,
    ranges: &[std::ops::Range<u64>],
) -> Result<Vec<u8>, String> {
    let total: u64 = ranges.iter().map(|range| range.end - range.start).sum();
    if total == 0 {
        return Ok(Vec::new());
    }
    let staging = device.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("copy"),
        size: total,
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let mut encoder = device.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let mut at = 0;
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        let size = range.end - range.start;
        encoder.copy_buffer_to_buffer(source, range.start, &staging, at, size);
        at += size;
    }
    device.queue.submit([encoder.finish()]);
    staging.map_async(wgpu::MapMode::Read, .., |_| ());
    device.wait()?;
    let bytes = staging.get_mapped_range(..).map_err(|error| error.to_string())?;
    Ok(bytes.to_vec())
}
