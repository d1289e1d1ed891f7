//! The GPU engine against the CPU engine, on a network made by hand of compiled mechanisms.

mod accounts;
mod elementary;
mod mechanisms;
mod network;

use super::super::cpu::{CpuEngine, CpuOptions};
use super::super::{Engine, EngineError, Event, Real as CpuReal, TimeAxis, Window};
use super::*;
use crate::layout::{Address, Group, Grouping, forest};
pub(super) use network::network;
use network::{EventMaker, coupled_network, different_shapes, few_cells, simple_network};
use std::io::Write;

/// Says that a test is left out; fails where a GPU is required, as in `.ci/run`.
fn skip() {
    assert!(std::env::var_os("SALTATORY_REQUIRE_GPU").is_none(), "no GPU adapter");
    eprintln!("skipped: no GPU adapter");
    let noted = std::env::var_os("SALTATORY_SKIPS")
        .and_then(|path| std::fs::OpenOptions::new().create(true).append(true).open(path).ok());
    if let Some(mut file) = noted {
        let _ = writeln!(file, "engine::gpu");
    }
}

/// An engine on the GPU, or none (said aloud) where there is no adapter.
fn gpu(layout: &Layout, real: Real, strict: bool, threads: u32) -> Option<GpuEngine> {
    let options = GpuOptions { strict, threads, ..GpuOptions::default() };
    match GpuEngine::new(layout, &mechanisms::functions(layout, real), real, TimeAxis::new(layout.dt), &options) {
        Ok(engine) => Some(engine),
        Err(GpuError::NoAdapter) => {
            skip();
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn cpu<R: CpuReal>(layout: &Layout) -> CpuEngine<R> {
    let real = if R::NAME == "f32" { Real::F32 } else { Real::F64 };
    let options = CpuOptions { complete: true, ..CpuOptions::default() };
    CpuEngine::new(layout, mechanisms::library(real), TimeAxis::new(layout.dt), options).unwrap()
}

/// What a run gave: spikes, samples of each group, and the last state of each group.
#[derive(Debug, Default, PartialEq)]
struct Run {
    spikes: Vec<Spike>,
    samples: Vec<Vec<u64>>,
    state: Vec<Vec<u64>>,
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// Runs windows of the given lengths.
fn run(engine: &mut dyn Engine, layout: &Layout, windows: &[u32]) -> Run {
    let groups = layout.groups.len();
    let initial = engine.initialise().unwrap();
    let mut run = Run { spikes: initial.spikes, samples: vec![vec![]; groups], state: vec![] };
    let mut events = EventMaker::new(layout);
    let mut first = 0;
    for &steps in windows {
        let events = events.window(first, steps);
        let output = engine.advance(Window { first, steps, events: &events }).unwrap();
        run.spikes.extend(output.spikes);
        for (all, samples) in run.samples.iter_mut().zip(&output.samples) {
            all.extend(bits(samples));
        }
        first += u64::from(steps);
    }
    run.state = (0..groups).map(|group| bits(&engine.snapshot(group).unwrap())).collect();
    run
}

const WINDOWS: [u32; 7] = [40, 1, 7, 40, 40, 2, 40];

fn equal<R: CpuReal>(layout: &Layout, real: Real, threads: u32) {
    if let Some(gpu) = gpu(layout, real, true, threads) {
        equal_on::<R>(gpu, layout);
    }
}

fn equal_on<R: CpuReal>(gpu: GpuEngine, layout: &Layout) {
    if let Some(spikes) = same::<R>(gpu, layout) {
        assert!(spikes > 3, "the network is not silent: {spikes} spikes");
    }
}

/// Compares both engines; gives the count of spikes, or nothing without an exact device.
fn same<R: CpuReal>(mut gpu: GpuEngine, layout: &Layout) -> Option<usize> {
    if !gpu.is_exact() {
        eprintln!("skipped: {}", gpu.describe());
        return None;
    }
    let expected = run(&mut cpu::<R>(layout), layout, &WINDOWS);
    let found = run(&mut gpu, layout, &WINDOWS);
    assert_eq!(found.spikes, expected.spikes);
    for (group, (found, expected)) in found.samples.iter().zip(&expected.samples).enumerate() {
        assert_eq!(found.len(), expected.len());
        let differing = found.iter().zip(expected).filter(|(a, b)| a != b).count();
        assert_eq!(differing, 0, "samples of group {group}, of {}", found.len());
    }
    for (group, (found, expected)) in found.state.iter().zip(&expected.state).enumerate() {
        assert_eq!(found.len(), expected.len());
        let differing: Vec<usize> = (0..found.len()).filter(|&i| found[i] != expected[i]).collect();
        assert!(differing.is_empty(), "state of group {group}, of {}: {differing:?}", found.len());
    }
    Some(expected.spikes.len())
}

#[test]
fn strict_f64_gives_the_cpus_bits() {
    equal::<f64>(&network(), Real::F64, 1);
}

#[test]
fn strict_f32_gives_the_cpus_bits() {
    equal::<f32>(&network(), Real::F32, 1);
}

#[test]
fn several_threads_a_cell_give_the_cpus_bits() {
    equal::<f64>(&network(), Real::F64, 4);
    equal::<f32>(&simple_network(), Real::F32, 32);
}

#[test]
fn cells_in_the_memory_of_workgroups_give_the_cpus_bits() {
    for threads in [1, 4] {
        let layout = few_cells();
        let Some(gpu) = gpu(&layout, Real::F64, true, threads) else { return };
        assert!(gpu.account.resident, "{:?}", gpu.account);
        equal_on::<f64>(gpu, &layout);
    }
}

#[test]
fn what_nobody_needs_changes_nothing() {
    let layout = few_cells();
    let options = GpuOptions { strict: true, lean: true, ..GpuOptions::default() };
    let wgsl = mechanisms::functions(&layout, Real::F64);
    let mut gpu = match GpuEngine::new(&layout, &wgsl, Real::F64, TimeAxis::new(layout.dt), &options) {
        Err(GpuError::NoAdapter) => return skip(),
        gpu => gpu.unwrap_or_else(|error| panic!("{error}")),
    };
    let (expected, found) = (run(&mut cpu::<f64>(&layout), &layout, &WINDOWS), run(&mut gpu, &layout, &WINDOWS));
    if gpu.is_exact() {
        assert_eq!((found.spikes, found.samples), (expected.spikes, expected.samples));
        for ((found, expected), group) in found.state.iter().zip(&expected.state).zip(&layout.groups) {
            assert_eq!(found.len(), expected.len());
            let potentials = group.nodes() * group.lanes;
            assert_eq!(found[..potentials], expected[..potentials]);
        }
    }
}

#[test]
fn columns_that_follow_others_give_the_cpus_bits() {
    let layout = coupled_network();
    assert!(layout.transfers.len() > 64 && layout.played.len() > 64);
    if let Some(gpu) = gpu(&layout, Real::F64, true, 1) {
        same::<f64>(gpu, &layout);
    }
    if let Some(gpu) = gpu(&layout, Real::F32, true, 4) {
        same::<f32>(gpu, &layout);
    }
}

/// Runs on the device as `change` leaves it, and compares with the CPU to within rounding; gives the count of
/// batches, 0 without a device.
fn close(change: impl Fn(&mut Device)) -> usize {
    let layout = simple_network();
    let mut device = match Device::open(None, Real::F64, false) {
        Err(GpuError::NoAdapter) => {
            skip();
            return 0;
        }
        device => device.unwrap_or_else(|error| panic!("{error}")),
    };
    change(&mut device);
    let (wgsl, time) = (mechanisms::functions(&layout, Real::F64), TimeAxis::new(layout.dt));
    let mut gpu = GpuEngine::on(device, &layout, &wgsl, Real::F64, time, &GpuOptions::default()).unwrap();
    let expected = run(&mut cpu::<f64>(&layout), &layout, &WINDOWS);
    let found = run(&mut gpu, &layout, &WINDOWS);
    assert_eq!(found.spikes, expected.spikes);
    let (found, expected) = (found.state.concat(), expected.state.concat());
    for (found, expected) in found.into_iter().map(f64::from_bits).zip(expected.into_iter().map(f64::from_bits)) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} {expected}");
    }
    gpu.batches.len()
}

/// The arrays of a layout, in batches of so many bytes.
fn arenas(layout: &Layout, threads: u32, limit: u64) -> Vec<Arena> {
    let (kept, targets) = (Kept::new(layout, false), Targets::new(layout));
    let mapping = Mapping { workgroup: 32, threads, resident: false };
    let plan = Plan {
        layout,
        targets: &targets,
        kept: &kept,
        mapping,
        assembled: false,
        geometry: [true; 2],
        real: 8,
        memory: 0,
    };
    Arena::all(plan, limit).unwrap()
}

#[test]
fn groups_are_split_by_size() {
    let layout = network();
    for threads in [1, 4] {
        let all = arenas(&layout, threads, u64::MAX);
        let [all] = all.as_slice() else { panic!("{} batches", all.len()) };
        let size = |groups: &[arena::GroupInfo]| groups.iter().map(|group| 8 * group.size.reals as u64).sum::<u64>();
        let first_two = size(&all.groups[..2]);
        for (limit, expected) in [(first_two, vec![2, 1]), (1, vec![1, 1, 1])] {
            let split = arenas(&layout, threads, limit);
            assert_eq!(split.iter().map(|arena| arena.groups.len()).collect::<Vec<_>>(), expected);
            assert_eq!(
                split.iter().flat_map(|arena| &arena.values).collect::<Vec<_>>(),
                all.values.iter().collect::<Vec<_>>()
            );
            assert_eq!(split.iter().map(|arena| arena.senders).sum::<usize>(), all.senders);
        }
    }
}

#[test]
fn without_strict_mode_results_stay_close() {
    close(|_| ());
}

#[test]
fn a_poor_device_stays_close() {
    let layout = simple_network();
    let sizes = arenas(&layout, 1, u64::MAX);
    let largest = sizes[0].groups.iter().map(|group| 8 * group.size.reals as u64).max().unwrap_or(0);
    let batches = close(|device| {
        device.description.strict = false;
        device.description.max_binding = largest;
    });
    assert_ne!(batches, 1, "the groups do not fit into one buffer");
}

/// What each probe of the layout saw, without events.
fn seen(layout: &Layout) -> Vec<Vec<u64>> {
    let mut engine = cpu::<f64>(layout);
    engine.initialise().unwrap();
    let events = vec![Vec::new(); layout.groups.len()];
    let output = engine.advance(Window { first: 0, steps: 40, events: &events }).unwrap();
    let of_probe = |&(group, probe): &(u32, u32)| {
        let count = layout.groups[group as usize].probes.len();
        bits(&output.samples[group as usize]).into_iter().skip(probe as usize).step_by(count).collect()
    };
    layout.probes.iter().map(of_probe).collect()
}

#[test]
fn cells_of_different_shapes_in_one_group_give_the_same_bits() {
    let alone = different_shapes();
    let mut together = alone.clone();
    forest::plant(&mut together, Grouping::Cache { threads: 1, real: 8 }, Group::nodes, |_| false);
    assert_eq!((alone.groups.len(), together.groups.len()), (4, 1));
    let (expected, found) = (seen(&alone), seen(&together));
    assert!(expected.len() > 20);
    for (probe, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert!(found == expected, "probe {probe}");
    }
}

#[test]
fn window_lengths_do_not_matter() {
    let layout = simple_network();
    let Some(mut whole) = gpu(&layout, Real::F32, true, 1) else { return };
    let Some(mut split) = gpu(&layout, Real::F32, true, 1) else { return };
    assert_eq!(run(&mut whole, &layout, &[40; 2]), run(&mut split, &layout, &[10; 8]));
}

#[test]
fn a_device_that_ends_loops_early_is_not_believed() {
    let layout = network();
    let steps = 4000;
    let events = vec![Vec::new(); layout.groups.len()];
    let window = Window { first: 0, steps, events: &events };
    let Some(mut gpu) = gpu(&layout, Real::F64, true, 1) else { return };
    gpu.initialise().unwrap();
    let found = gpu.advance(window).unwrap();
    let mut cpu = cpu::<f64>(&layout);
    cpu.initialise().unwrap();
    let expected = cpu.advance(window).unwrap();
    if gpu.is_exact() {
        assert_eq!(found.spikes, expected.spikes);
        assert!(found.samples.iter().flatten().eq(expected.samples.iter().flatten()));
    }
    // All in one dispatch: as before, or an error.
    gpu.initialise().unwrap();
    (gpu.able, gpu.pace.steps) = (steps, steps);
    match gpu.advance(window) {
        Ok(again) => assert_eq!(again.samples, found.samples),
        Err(EngineError::Device(message)) => assert!(message.contains("left a loop early"), "{message}"),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_diverging_cell_is_named() {
    let mut layout = simple_network();
    let lane = 1;
    let group = &mut layout.groups[0];
    let cell = group.cells[lane];
    let index = layout.mechanisms.iter().position(|mechanism| mechanism.name == "pas").unwrap();
    let reversal = layout.mechanisms[index].column("e").unwrap();
    let pas = &mut group.blocks[index];
    pas.columns[reversal * pas.rows * pas.lanes + lane] = f64::NAN;
    let Some(mut gpu) = gpu(&layout, Real::F32, true, 1) else { return };
    gpu.initialise().unwrap();
    let events = vec![Vec::new(); layout.groups.len()];
    let error = gpu.advance(Window { first: 0, steps: 4, events: &events }).unwrap_err();
    assert!(matches!(error, EngineError::NotFinite { cell: found, .. } if found == cell), "{error}");
}

#[test]
fn a_stray_event_is_refused() {
    let layout = simple_network();
    let Some(mut gpu) = gpu(&layout, Real::F32, true, 1) else { return };
    gpu.initialise().unwrap();
    let mut events = vec![Vec::new(); layout.groups.len()];
    events[0].push(Event { step: 0, time: 0.0, sent: 0.0, sequence: 0, lane: 0, block: 99, row: 0, argument: 0 });
    assert!(gpu.advance(Window { first: 0, steps: 1, events: &events }).is_err());
}

#[test]
fn an_inconsistent_layout_is_refused() {
    let mut layout = network();
    layout.groups[1].probes.push(Address::Voltage(1_000_000));
    assert!(matches!(check::check(&layout), Err(GpuError::Layout(_))));
    assert!(check::check(&network()).is_ok());
}

#[test]
fn an_unknown_adapter_is_named() {
    match Device::open(Some("no such adapter"), Real::F32, false).err() {
        Some(GpuError::NoSuchAdapter { wanted, .. }) => assert_eq!(wanted, "no such adapter"),
        Some(GpuError::NoAdapter) => skip(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn dispatches_stay_short() {
    let mut pace = Pace { steps: 8 };
    pace.observe(8, Duration::from_micros(100));
    assert_eq!(pace.steps, 16);
    pace.observe(4, Duration::from_micros(100));
    assert_eq!(pace.steps, 16, "a short window does not raise the limit");
    pace.observe(16, Duration::from_secs(1));
    assert_eq!(pace.steps, 8);
    for _ in 0..9 {
        pace.observe(1, Duration::from_secs(1));
    }
    assert_eq!(pace.steps, 1);
}

#[test]
#[ignore = "prints times"]
fn cost_of_windows() {
    let layout = network();
    let begin = Instant::now();
    let Some(mut gpu) = gpu(&layout, Real::F64, true, 1) else { return };
    eprintln!("{}: opened in {:.2} s", gpu.adapter(), begin.elapsed().as_secs_f64());
    let events = vec![Vec::new(); layout.groups.len()];
    gpu.initialise().unwrap();
    eprintln!("initialised after {:.2} s", begin.elapsed().as_secs_f64());
    gpu.advance(Window { first: 0, steps: 1, events: &events }).unwrap();
    eprintln!("first step after {:.2} s", begin.elapsed().as_secs_f64());
    let mut first = 1;
    for steps in [1_u32, 1, 40, 40, 400, 1] {
        let begin = Instant::now();
        for _ in 0..50 {
            gpu.advance(Window { first, steps, events: &events }).unwrap();
            first += u64::from(steps);
        }
        eprintln!("{steps} steps: {:.1} us a window", begin.elapsed().as_secs_f64() * 1e6 / 50.0);
    }
}
