//! Synapses that one instance stands for: the same spikes and potentials as with each by itself, to round-off.

use crate::backend::{self, Choice, KernelsOfCpu};
use crate::engine::{Spike, TimeAxis};
use crate::layout::{self, Block, Grouping, Layout};
use crate::mechanisms::{Mechanisms, load_mechanisms};
use crate::model::{Detector, Instance, NetCon, Network, NetworkCell, PointProcess, Probe, Site, Source};
use crate::simulate::{Observer, Progress, simulate};
use cell::hoc::Hoc;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

const CELLS: usize = 21;
const OF_CELL: usize = 120;
const DT: f64 = 0.025;

const CELL: &str = "
    begintemplate Bush
    public soma, dend, all
    create soma[1], dend[4]
    objref all
    proc init() { local k
        all = new SectionList()
        for k = 0, 3 {
            dend[k] { all.append() L = 100 diam = 1 nseg = 3 Ra = 100 cm = 1 insert pas g_pas = 0.0001 e_pas = -65 }
            connect dend[k](0), soma[0](1)
        }
        soma[0] { all.append() L = 20 diam = 20 nseg = 1 Ra = 100 cm = 1 insert hh }
    }
    endtemplate Bush";

/// Linear, with a block by magnesium and memory of each NetCon.
const LINEAR: &str = "
    NEURON { POINT_PROCESS Blocked RANGE tau, e, i, g NONSPECIFIC_CURRENT i }
    UNITS { (mV) = (millivolt) (nA) = (nanoamp) (uS) = (microsiemens) }
    PARAMETER { tau = 5 (ms) e = 0 (mV) }
    ASSIGNED { v (mV) i (nA) g (uS) }
    STATE { s (uS) }
    INITIAL { s = 0 }
    BREAKPOINT { SOLVE decay METHOD cnexp g = s/(1 + exp(-0.062(/mV)*v)/3.57) i = g*(v - e) }
    DERIVATIVE decay { s' = -s/tau }
    NET_RECEIVE(w (uS), rest, last (ms)) {
        INITIAL { rest = 1 last = t }
        rest = 1 - (1 - rest)*exp(-(t - last)/50(ms))
        s = s + w*rest
        rest = 0.7*rest
        last = t
    }";
/// It looks at a current that others add up.
const LOOKING: &str = "
    NEURON { POINT_PROCESS Looking RANGE i USEION k READ ik NONSPECIFIC_CURRENT i }
    ASSIGNED { v i ik } STATE { s } INITIAL { s = 0 }
    BREAKPOINT { SOLVE decay METHOD cnexp i = s*v + 0.01*ik }
    DERIVATIVE decay { s' = -s } NET_RECEIVE(w) { s = s + w }";
/// Its decay is in a table that is made for one of the instances.
const TABULATED: &str = "
    NEURON { POINT_PROCESS Tabulated RANGE i, gmax NONSPECIFIC_CURRENT i }
    PARAMETER { gmax = 1 } ASSIGNED { v i q } STATE { s } INITIAL { s = 0 }
    BREAKPOINT { SOLVE decay METHOD cnexp rates(v) i = q*s*v }
    DERIVATIVE decay { s' = -s } NET_RECEIVE(w) { s = s + w }
    PROCEDURE rates(v) { TABLE q DEPEND gmax FROM -100 TO 100 WITH 200 q = gmax*(1 + v/1000) }";
/// The same as LINEAR, but it saturates.
const SATURATING: &str = "if (s > 0.002) { s = 0.002 }";

/// Numbers between 0 and `below`, some way or other.
fn scattered(seed: usize, below: usize) -> usize {
    (seed.wrapping_mul(2654435761) >> 7) % below
}

fn mechanisms(folder: &Path) -> Mechanisms {
    std::fs::write(folder.join("blocked.mod"), LINEAR).unwrap();
    std::fs::write(folder.join("looking.mod"), LOOKING).unwrap();
    std::fs::write(folder.join("tabulated.mod"), TABULATED).unwrap();
    let saturating = LINEAR.replace("Blocked", "Saturating").replace("g = s/", &format!("{SATURATING} g = s/"));
    std::fs::write(folder.join("saturating.mod"), saturating).unwrap();
    let stock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod");
    load_mechanisms(&[stock, folder.to_owned()]).unwrap()
}

/// Cells that excite and inhibit each other through many synapses at few places.
fn network(mechanisms: &Mechanisms, synapses: &[(&str, &[(&str, f64)])]) -> Network {
    let mut hoc = Hoc::new(crate::build::catalogue(mechanisms));
    hoc.load_text("bush.hoc", CELL).unwrap();
    let cell = Arc::new(hoc.instantiate("Bush", &[]).unwrap());
    let sections: Vec<_> = cell.ids().collect();
    let soma = sections.iter().copied().find(|&id| cell.section(id).name().to_string().contains("soma")).unwrap();
    let synapses: Vec<_> = synapses
        .iter()
        .map(|(mechanism, parameters)| {
            let parameters: Vec<_> = parameters.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
            (Arc::<str>::from(*mechanism), Arc::<[(String, f64)]>::from(parameters))
        })
        .collect();
    let train = |k: usize| (0..5).map(|n| 0.3 + 12.0 * n as f64 + 0.1 * scattered(40 * k + n, 30) as f64).collect();
    let mut network = Network { trains: (0..5).map(train).collect(), ..Network::default() };
    for index in 0..CELLS {
        network.cells.push(NetworkCell {
            population: "bushes".into(),
            node_id: index as u64,
            cell: cell.clone(),
            detector: Detector { section: soma, x: 0.5, threshold: -20.0 },
        });
        let v = Site::Segment { cell: index, section: soma, x: 0.5 };
        network.probes.push(Probe { site: v, variable: "v".into() });
        for k in 0..OF_CELL {
            let seed = index * OF_CELL + k;
            let (mechanism, parameters) = synapses[scattered(seed, synapses.len())].clone();
            let (section, x) = (sections[scattered(seed + 7, sections.len())], scattered(seed + 3, 11) as f64 / 10.0);
            network.point_processes.push(PointProcess { cell: index, section, x, mechanism, parameters });
            let source = match scattered(seed + 5, 8) {
                0 => Source::Cell(scattered(seed + 2, CELLS)),
                _ => Source::Train(scattered(seed + 1, 5)),
            };
            let weight = 2e-4 * (1 + scattered(seed + 4, 4)) as f64;
            let delay = 0.5 + 0.1 * scattered(seed + 6, 20) as f64;
            network.netcons.push(NetCon { source, target: Instance::Point(seed), weight, delay });
        }
    }
    network
}

#[derive(Default)]
struct Seen {
    spikes: Vec<Spike>,
    samples: Vec<f64>,
}

impl Observer for Seen {
    type Error = Infallible;

    fn window(&mut self, progress: Progress<'_>) -> Result<ControlFlow<()>, Infallible> {
        self.spikes.extend_from_slice(progress.spikes);
        for offset in 0..progress.steps {
            self.samples.extend((0..CELLS).map(|probe| progress.sample(offset, probe)));
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn lay_out(network: &Network, mechanisms: &Mechanisms, superpose: bool, grouping: Grouping) -> Layout {
    let options = layout::Options { grouping, dt: DT, celsius: 6.3, v_init: -65.0, superpose };
    layout::build(network, &mechanisms.manifests, options).unwrap()
}

fn run(network: &Network, mechanisms: &Mechanisms, superpose: bool, grouping: Grouping) -> Seen {
    let layout = lay_out(network, mechanisms, superpose, grouping);
    let axis = TimeAxis::new(DT);
    let choice = Choice { kernels: KernelsOfCpu::Evaluated, threads: 1, ..Choice::default() };
    let mut engine = backend::open(&choice, &layout, mechanisms, &axis).unwrap();
    let mut seen = Seen::default();
    simulate(engine.as_mut(), &layout, network, &axis, (60.0 / DT) as u64, &mut seen).unwrap();
    seen
}

/// Excitation of two kinds, one of them blocked, and inhibition.
const LINEAR_SYNAPSES: [(&str, &[(&str, f64)]); 4] = [
    ("Exp2Syn", &[("tau1", 0.5), ("tau2", 3.0)]),
    ("Exp2Syn", &[("tau1", 1.0), ("tau2", 4.0), ("e", -70.0)]),
    ("Blocked", &[]),
    ("ExpSyn", &[("tau", 2.0)]),
];

#[test]
fn one_stands_for_all_at_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let mechanisms = mechanisms(folder.path());
    let network = network(&mechanisms, &LINEAR_SYNAPSES);
    let all = Grouping::Cells(0);
    let [apart, together] = [false, true].map(|superpose| lay_out(&network, &mechanisms, superpose, all).point_rows());
    // A cell has 13 compartments and 5 ends of sections; each has room for four kinds.
    assert!(apart == CELLS * OF_CELL && together < CELLS * OF_CELL * 2 / 3, "{apart} and {together} rows");

    let expected = run(&network, &mechanisms, false, all);
    let found = run(&network, &mechanisms, true, all);
    assert!(expected.spikes.len() > CELLS, "{} spikes", expected.spikes.len());
    assert_eq!(found.spikes, expected.spikes);
    let difference = found.samples.iter().zip(&expected.samples).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // Round-off, which spikes amplify.
    assert!(difference > 0.0 && difference < 1e-9, "{difference} mV");

    for grouping in [Grouping::Cells(1), Grouping::Cells(4), Grouping::Cache { threads: 1, real: 8 }] {
        let grouped = run(&network, &mechanisms, true, grouping);
        assert!(grouped.spikes == found.spikes && grouped.samples == found.samples, "{grouping:?}");
    }
}

#[test]
fn what_is_not_linear_or_is_recorded_stays_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mechanisms = mechanisms(folder.path());
    let saturating = network(&mechanisms, &[("Saturating", &[])]);
    assert_eq!(lay_out(&saturating, &mechanisms, true, Grouping::Cells(0)).point_rows(), CELLS * OF_CELL);

    let mut network = network(&mechanisms, &LINEAR_SYNAPSES);
    let together = lay_out(&network, &mechanisms, true, Grouping::Cells(0)).point_rows();
    let others = run(&network, &mechanisms, true, Grouping::Cells(0));
    let recorded = (0..OF_CELL).filter(|&point| &*network.point_processes[point].mechanism == "Exp2Syn");
    let probes: Vec<Probe> = recorded.map(|point| Probe { site: Site::Point(point), variable: "g".into() }).collect();
    network.probes.extend(probes);
    let layout = lay_out(&network, &mechanisms, true, Grouping::Cells(0));
    assert!(layout.point_rows() > together);
    let found = run(&network, &mechanisms, true, Grouping::Cells(0));
    assert_eq!(found.spikes, others.spikes);
}

#[test]
fn currents_of_ions_are_the_same_in_any_grouping() {
    let folder = tempfile::tempdir().unwrap();
    let mechanisms = mechanisms(folder.path());
    let mut network = network(&mechanisms, &[("Looking", &[])]);
    // Where there is potassium: on many cells in a row, and on some of them.
    let soma = network.cells[0].detector.section;
    network.point_processes.iter_mut().for_each(|point| (point.section, point.x) = (soma, 0.5));
    let several: Vec<NetworkCell> = (0..4).flat_map(|_| network.cells.clone()).collect();
    network.cells = several;
    let looking = network.point_processes[0].clone();
    network.point_processes.extend((CELLS..4 * CELLS).map(|cell| PointProcess { cell, ..looking.clone() }));
    let all = run(&network, &mechanisms, true, Grouping::Cells(0));
    for grouping in [Grouping::Cells(1), Grouping::Cells(4), Grouping::Cache { threads: 1, real: 8 }] {
        assert!(run(&network, &mechanisms, true, grouping).samples == all.samples, "{grouping:?}");
    }
    // What is looked at is not nothing.
    let weaker = LOOKING.replace("0.01", "0.02");
    std::fs::write(folder.path().join("looking.mod"), weaker).unwrap();
    let stock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mod");
    let others = load_mechanisms(&[stock, folder.path().to_owned()]).unwrap();
    assert!(run(&network, &others, true, Grouping::Cells(0)).samples != all.samples);
}

#[test]
fn a_table_is_the_first_instances_whatever_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let mechanisms = mechanisms(folder.path());
    let mut network = network(&mechanisms, &[("Tabulated", &[("gmax", 1.0)])]);
    let soma = network.cells[0].detector.section;
    let other: Arc<[(String, f64)]> = Arc::from([("gmax".to_owned(), 5.0)]);
    for (index, point) in network.point_processes.iter_mut().enumerate() {
        (point.section, point.x) = (soma, 0.5);
        if index % 2 == 1 {
            point.parameters = other.clone();
        }
    }
    let table = |network: &Network| {
        let layout = lay_out(network, &mechanisms, true, Grouping::Cells(0));
        let is_tabulated = |block: &&Block| layout.mechanisms[block.mechanism].name == "Tabulated";
        layout.groups.iter().flat_map(|group| &group.blocks).find(is_tabulated).unwrap().globals.to_vec()
    };
    let plain = table(&network);
    network.probes.push(Probe { site: Site::Point(1), variable: "gmax".into() });
    assert_eq!(table(&network), plain);
}
