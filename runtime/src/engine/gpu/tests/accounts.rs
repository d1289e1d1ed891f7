//! What the engine asks of a device for the networks that benchmarks run.

use super::*;
use crate::engine::Account;
use crate::mechanisms::load_mechanisms;
use crate::model::{Detector, Instance, NetCon, Network, NetworkCell, PointProcess, Source};
use crate::simulate::{Observer, Progress, simulate};
use cell::hoc::Hoc;
use codegen::back::wgsl::emit_functions;
use codegen::manifest::MechanismManifest;
use nmodl_parser::SourceFile;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

/// The cell of the ring of `benches/peers`: a soma and two binary trees of depth 3.
const CELL: &str = "
    begintemplate RingCell
    public soma, dend, all
    create soma[1], dend[14]
    objref all
    proc init() { local k
        all = new SectionList()
        for k = 0, 13 {
            dend[k] { all.append() L = 100 diam = 1 nseg = 5 Ra = 100 cm = 1 insert hh insert pas g_pas = 0.0001 e_pas = -65 }
            if (k < 2) { connect dend[k](0), soma[0](1) } else { connect dend[k](0), dend[int((k - 2) / 2)](1) }
        }
        soma[0] { all.append() L = 12.6157 diam = 12.6157 nseg = 1 Ra = 100 cm = 1 insert hh }
    }
    endtemplate RingCell";

struct Nothing;

impl Observer for Nothing {
    type Error = Infallible;

    fn window(&mut self, _: Progress<'_>) -> Result<ControlFlow<()>, Infallible> {
        Ok(ControlFlow::Continue(()))
    }
}

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A ring of cells that excite each other, and its mechanisms.
fn ring(cells: usize, delay: f64) -> (Network, Vec<codegen::ir::Mechanism>) {
    let names = ["mod/expsyn.mod", "mod/hh.mod", "mod/pas.mod"];
    let sources: Vec<SourceFile> = names.iter().map(|name| SourceFile::read(&repository(name)).unwrap()).collect();
    let options = codegen::Options { tables: false, ..codegen::Options::default() };
    let compiled = codegen::compile_all(&sources, &options);
    let compiled: Vec<_> = compiled.into_iter().map(|(mechanism, _)| mechanism.unwrap()).collect();
    let all = load_mechanisms(&[repository("mod")]).unwrap();
    let mut hoc = Hoc::new(crate::build::catalogue(&all));
    hoc.load_text("ring.hoc", CELL).unwrap();
    let cell = Arc::new(hoc.instantiate("RingCell", &[]).unwrap());
    let section = |name: &str| cell.ids().find(|&id| cell.section(id).name().to_string().contains(name)).unwrap();
    let (soma, dendrite) = (section("soma"), section("dend[0]"));
    let mut network = Network { trains: vec![vec![0.5]], ..Network::default() };
    for index in 0..cells {
        network.cells.push(NetworkCell {
            population: "ring".into(),
            node_id: index as u64,
            cell: cell.clone(),
            detector: Detector { section: soma, x: 0.5, threshold: -20.0 },
        });
        network.point_processes.push(PointProcess {
            cell: index,
            section: dendrite,
            x: 0.5,
            mechanism: "ExpSyn".into(),
            parameters: vec![("tau".to_owned(), 2.0)].into(),
        });
        let source = Source::Cell((index + cells - 1) % cells);
        network.netcons.push(NetCon { source, target: Instance::Point(index), weight: 0.05, delay });
    }
    network.netcons.push(NetCon { source: Source::Train(0), target: Instance::Point(0), weight: 0.05, delay });
    (network, compiled)
}

/// The account of a run, if there is a device.
fn account(
    network: &Network,
    mechanisms: &[codegen::ir::Mechanism],
    (real, dt, celsius, v_init): (Real, f64, f64, f64),
    steps: u64,
) -> Option<Account> {
    let manifests: Vec<MechanismManifest> = mechanisms.iter().map(MechanismManifest::of).collect();
    let grouping = Grouping::Device { real: words::size(real) };
    let options = crate::layout::Options { grouping, dt, celsius, v_init, superpose: true };
    let layout = crate::layout::build(network, &manifests, options).unwrap();
    let named = |name: &str| mechanisms.iter().find(|mechanism| mechanism.name == name).unwrap();
    let text = |manifest: &MechanismManifest| emit_functions(named(&manifest.name), real);
    let wgsl: Vec<String> = layout.mechanisms.iter().map(text).collect();
    let options = GpuOptions { lean: true, ..GpuOptions::default() };
    let axis = TimeAxis::new(dt);
    let mut engine = match GpuEngine::new(&layout, &wgsl, real, axis.clone(), &options) {
        Err(GpuError::NoAdapter) => {
            skip();
            return None;
        }
        engine => engine.unwrap_or_else(|error| panic!("{error}")),
    };
    // A slow machine is none of the account's business.
    engine.pace.steps = u32::MAX;
    simulate(&mut engine, &layout, network, &axis, steps, &mut Nothing).unwrap();
    engine.account()
}

/// One dispatch and one wait for each window, nothing streamed, and little besides the state.
fn is_frugal(account: &Account, windows: u64, steps: f64) {
    let counted = account.counted;
    assert_eq!((counted.windows, counted.dispatches, counted.waits_within), (windows, windows, 0), "{counted:?}");
    // The state at t = 0 and the events then take one each.
    assert_eq!(counted.waits, windows + 2);
    assert!(account.resident && account.step.streamed == 0, "{account:?}");
    let limit = 32 * 1024;
    assert!(account.workgroup_memory > 0 && account.workgroup_memory <= limit, "{} bytes", account.workgroup_memory);
    let by_state = account.bytes_by_state(steps);
    assert!(by_state > 1.0 && by_state <= 1.5, "{by_state} times the state: {account:?}");
}

#[test]
fn the_ring_is_frugal() {
    let (network, mechanisms) = ring(20, 0.5);
    for real in [Real::F64, Real::F32] {
        let Some(account) = account(&network, &mechanisms, (real, 0.025, 6.3, -65.0), 60) else { return };
        // Windows of 5 ms.
        is_frugal(&account, 3, 200.0);
        assert_eq!((account.cells, account.compartments), (20, 20 * 71));
        // Potential and three states of each of 87 nodes at most, back and forth.
        let state = account.state / words::size(real) as u64;
        assert!((2 * 20 * 4 * 71..=2 * 20 * (4 * 87 + 12)).contains(&state), "{state} reals");
        assert_eq!(account.step.exponentials / account.compartments, 5);
    }
}

#[test]
fn the_oscillator_is_frugal() {
    let (config, _) = sonata::Config::load(&repository("examples/hco/config.json")).unwrap();
    let mechanisms = load_mechanisms(&config.components.mechanisms_dir).unwrap();
    let network = crate::build::build(&config, &mechanisms).unwrap().network.copied(2);
    let conditions = (Real::F64, 0.1, config.conditions.celsius.unwrap(), config.conditions.v_init.unwrap());
    let Some(account) = account(&network, &mechanisms.compiled, conditions, 20) else { return };
    // Its synapses have no delay but that of a step.
    is_frugal(&account, 20, 1.0);
}
