//! What a network of artificial cells can be told wrong about, and what impossible events give: a run of the CPU
//! engine on networks made by hand.

use codegen::back::Real;
use codegen::build::{BuildOptions, build_library};
use codegen::manifest::MechanismManifest;
use nmodl_parser::SourceFile;
use runtime::engine::cpu::{CpuEngine, CpuOptions};
use runtime::engine::{Emission, EngineError, EventError, TimeAxis};
use runtime::layout::{self, Layout, LayoutError};
use runtime::mechanisms::KernelLibrary;
use runtime::model::{ArtificialCell, Instance, NetCon, Network, Source};
use runtime::simulate::{Failure, Observer, Progress, simulate};
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;

/// A sum of it has no round-off.
const DT: f64 = 0.03125;

/// A source that sends itself an event with a delay of its choice, then calls `net_move` to a time.
const SOURCE: &str =
    "NEURON { ARTIFICIAL_CELL source RANGE delay, when, target } PARAMETER { delay = 1 when = -1 target = 0 }
    INITIAL { net_send(delay, 1) }
    NET_RECEIVE(w) {
        if (flag == 1) { net_event(t) if (when >= 0) { net_send(1, 2) net_move(when) } }
        if (flag == 0 && target > 0) { net_event(target) }
    }";
const SINK: &str = "NEURON { ARTIFICIAL_CELL sink } ASSIGNED { n } INITIAL { n = 0 net_send(0, 1) }";

fn cell(mechanism: &str, parameters: &[(&str, f64)]) -> ArtificialCell {
    let parameters: Vec<(String, f64)> = parameters.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
    ArtificialCell {
        population: "cells".into(),
        node_id: 0,
        mechanism: mechanism.into(),
        parameters: parameters.into(),
    }
}

fn lay_out(network: &Network, compiled: &[codegen::ir::Mechanism]) -> Result<Layout, LayoutError> {
    let manifests: Vec<MechanismManifest> = compiled.iter().map(MechanismManifest::of).collect();
    layout::build(
        network,
        &manifests,
        layout::Options { grouping: layout::Grouping::Cells(1), dt: DT, celsius: 6.3, v_init: -65.0, superpose: true },
    )
}

/// It sends nothing.
const COUNTER: &str =
    "NEURON { ARTIFICIAL_CELL counter RANGE n } ASSIGNED { n } INITIAL { n = 0 } NET_RECEIVE(w) { n = n + w }";

fn compiled() -> Vec<codegen::ir::Mechanism> {
    let texts = [("source.mod", SOURCE), ("sink.mod", SINK), ("counter.mod", COUNTER)];
    let sources = texts.map(|(name, text)| SourceFile::new(name, text));
    let compiled = codegen::compile_all(&sources, &codegen::Options::default());
    compiled.into_iter().map(|(mechanism, messages)| mechanism.unwrap_or_else(|| panic!("{messages:?}"))).collect()
}

#[derive(Default)]
struct Emissions(Vec<Emission>);

impl Observer for Emissions {
    type Error = Infallible;

    fn window(&mut self, progress: Progress<'_>) -> Result<ControlFlow<()>, Infallible> {
        self.0.extend_from_slice(progress.emissions);
        Ok(ControlFlow::Continue(()))
    }
}

/// Times and instances of the events sent in 10 ms.
fn run(network: &Network) -> Result<Vec<(f64, u32)>, EngineError> {
    let mechanisms = compiled();
    let layout = lay_out(network, &mechanisms).unwrap();
    let cache_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tmp/kernels");
    let options = BuildOptions { real: Real::F64, fused: false, native: false, cache_dir };
    let used: Vec<_> = mechanisms.into_iter().filter(|m| layout.mechanisms.iter().any(|l| l.name == m.name)).collect();
    let library = KernelLibrary::load(&build_library(&used, &options).unwrap()).unwrap();
    let axis = TimeAxis::new(DT);
    let mut engine = CpuEngine::<f64>::new(&layout, library, axis.clone(), CpuOptions::default()).unwrap();
    let mut emissions = Emissions::default();
    match simulate(&mut engine, &layout, network, &axis, (10.0 / DT) as u64, &mut emissions) {
        Ok(_) => Ok(emissions.0.iter().map(|emission| (emission.time, emission.instance)).collect()),
        Err(Failure::Engine(error)) => Err(error),
        Err(Failure::Observer(never)) => match never {},
    }
}

fn of(cells: Vec<ArtificialCell>) -> Network {
    Network { artificial_cells: cells, ..Network::default() }
}

#[test]
fn impossible_events_are_told_with_the_mechanism_and_the_time() {
    let fails = |parameters: &[(&str, f64)]| match run(&of(vec![cell("source", parameters)])) {
        Err(EngineError::Event { mechanism, t, error }) => (mechanism, t, error),
        other => panic!("{other:?}"),
    };
    let name = || "source".to_owned();
    assert_eq!(fails(&[("delay", -2.0)]), (name(), 0.0, EventError::NegativeDelay { delay: -2.0 }));
    // The event of flag 1 is being handled; none of that flag waits.
    assert_eq!(fails(&[("when", 5.0)]), (name(), 1.0, EventError::NothingToMove));
}

#[test]
fn artificial_cells_need_not_send() {
    let cells = [cell("counter", &[]), cell("counter", &[]), cell("counter", &[]), cell("source", &[])];
    let mut network = of(cells.into());
    let source = Source::Instance(Instance::Artificial(3));
    let netcon = |target| NetCon { source, target: Instance::Artificial(target), weight: 1.0, delay: 3.0 };
    network.netcons = (0..3).map(netcon).collect();
    assert_eq!(run(&network).unwrap(), [(1.0, 3)]);
}

#[test]
fn an_event_into_the_past_is_told() {
    let mut network = of(vec![cell("source", &[]), cell("source", &[("target", 2.0)])]);
    let [from, to] = [0, 1].map(Instance::Artificial);
    network.netcons.push(NetCon { source: Source::Instance(from), target: to, weight: 1.0, delay: 3.0 });
    let error = run(&network).unwrap_err();
    assert!(error.to_string().contains("`source`, at t = 4 ms: the time of net_event is 2 ms"), "{error}");
}

#[test]
fn the_first_and_the_last_moment_count() {
    let times = run(&of(vec![cell("source", &[("delay", 0.0)]), cell("source", &[("delay", 10.0)])])).unwrap();
    assert_eq!(times, [(0.0, 0), (10.0, 1)]);
}

#[test]
fn connections_have_proper_ends() {
    let fails = |source: &str, target: &str| {
        let mut network = of(vec![cell(source, &[]), cell(target, &[])]);
        let [from, to] = [0, 1].map(Instance::Artificial);
        network.netcons.push(NetCon { source: Source::Instance(from), target: to, weight: 1.0, delay: 1.0 });
        lay_out(&network, &compiled()).err()
    };
    assert_eq!(fails("source", "source"), None);
    assert_eq!(fails("source", "sink"), Some(LayoutError::NoReceiver { mechanism: "sink".to_owned() }));
    assert_eq!(fails("sink", "source"), Some(LayoutError::NoSender { mechanism: "sink".to_owned() }));
    assert_eq!(fails("stranger", "sink"), Some(LayoutError::NoArtificialCell { mechanism: "stranger".to_owned() }));
}
