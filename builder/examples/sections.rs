//! The tutorial's networks, as `examples/networks/build.py` makes them in Python:
//!
//!     cargo run -p builder --example sections -- SECTION FOLDER
//!
//! SECTION is columns, properties, recurrent or exactly_two. `examples/networks/config.json` runs what is in
//! `examples/networks/network`.

use builder::connect::{DistanceConnector, OneToAll, Pairwise};
use builder::edges::{ConstantValues, PerSynapse};
use builder::positions::{angles, columnar, rectangular};
use builder::{Dtype, Edges, Error, NetworkBuilder, Node, NodePool, Nodes, Stream, Value};
use std::f64::consts::TAU;
use std::path::PathBuf;

fn cells(n: usize, population: &str, stimulated: bool, positions: Vec<[f64; 3]>) -> Nodes {
    Nodes::new(n)
        .with("pop_name", population)
        .with("stimulated", if stimulated { "yes" } else { "no" })
        .with("model_type", "biophysical")
        .with("model_template", "hoc:Ball")
        .with("positions", positions)
}

fn synapses(edges: Edges, weight: f64) -> Edges {
    edges
        .with("syn_weight", weight)
        .with("dynamics_params", "exc.json")
        .with("model_template", "exp2syn")
        .with("target_sections", Value::list(["soma"]))
        .with("distance_range", Value::list([0.0, 300.0]))
}

fn distance(source: Node<'_>, target: Node<'_>) -> f64 {
    let [a, b] = [source, target].map(|n| n.position().unwrap_or_default());
    (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f64>().sqrt()
}

/// A delay, ms, that grows with distance.
fn delay(base: f64, slope: f64) -> impl Fn(Node<'_>, Node<'_>, &mut Stream) -> [f64; 1] + Send + Sync {
    move |source, target, _| [base + slope * distance(source, target)]
}

fn on_soma(map: &mut builder::ConnectionMap) -> Result<(), Error> {
    let soma = ConstantValues(vec![0.into(), 0.5.into()]);
    map.add_properties(&["sec_id", "sec_x"], soma, &[Dtype::I32, Dtype::F64])?;
    map.add_properties(&["delay"], PerSynapse::new(delay(1.0, 0.1)), &[])?;
    Ok(())
}

fn box_of(random: &mut Stream, n: usize, x: f64) -> Vec<[f64; 3]> {
    rectangular(random, n, [0.0, 50.0, 0.0], [x, 20.0, 100.0])
}

fn columns(net: &mut NetworkBuilder, random: &mut Stream) -> Result<(), Error> {
    for (n, stimulated) in [(5, true), (15, false)] {
        let positions = columnar(random, n, [0.0, 50.0, 0.0], 100.0, 0.0..40.0);
        let rotations = angles(random, n, 0.0, TAU);
        net.add_nodes(cells(n, "column", stimulated, positions).with("rotation_angle_yaxis", rotations))?;
    }
    let near = DistanceConnector { d_weight_min: 0.1, d_weight_max: 1.0, d_max: 100.0, nsyn_min: 1, nsyn_max: 3 };
    let edges = Edges::between(("stimulated", "yes"), ("stimulated", "no"), near);
    net.add_edges(synapses(edges, 4e-3).with("delay", 1.0))?;
    Ok(())
}

fn properties(net: &mut NetworkBuilder, random: &mut Stream) -> Result<(), Error> {
    for (n, stimulated) in [(4, true), (8, false)] {
        let positions = columnar(random, n, [0.0, 50.0, 0.0], 100.0, 0.0..100.0);
        net.add_nodes(cells(n, "column", stimulated, positions))?;
    }
    let edges = Edges::between(("stimulated", "yes"), ("stimulated", "no"), builder::connect::Constant(3));
    let edges = edges.with("dynamics_params", "exc.json").with("model_template", "exp2syn");
    let map = net.add_edges(edges)?;
    let place = |_: Node<'_>, _: Node<'_>, random: &mut Stream| {
        if random.uniform() < 0.5 { [0.0, 0.5] } else { [1.0, random.uniform()] }
    };
    map.add_properties(&["sec_id", "sec_x"], PerSynapse::new(place), &[Dtype::I32, Dtype::F64])?;
    map.add_properties(&["delay"], PerSynapse::new(delay(0.5, 0.05)), &[])?;
    let weight = |_: Node<'_>, _: Node<'_>, random: &mut Stream| [random.uniform_in(1e-3, 3e-3)];
    map.add_properties(&["syn_weight"], PerSynapse::new(weight), &[])?;
    Ok(())
}

fn recurrent(net: &mut NetworkBuilder, random: &mut Stream) -> Result<(), Error> {
    for (population, stimulated) in [("CA3o", true), ("CA3e", false)] {
        net.add_nodes(cells(6, population, stimulated, box_of(random, 6, 100.0)))?;
    }
    let sparse = Pairwise(|_: Node<'_>, _: Node<'_>, random: &mut Stream| u32::from(random.uniform() < 0.4));
    let edges = Edges::between(("pop_name", "CA3o"), ("pop_name", "CA3e"), sparse);
    on_soma(net.add_edges(synapses(edges, 1e-2))?)?;
    // What is built so far: edges() is always current.
    let there = net.edges()?;
    let back = Pairwise(move |source: Node<'_>, target: Node<'_>, _: &mut Stream| {
        let found = there.iter().any(|e| e.source_node_id == target.id() && e.target_node_id == source.id());
        u32::from(found)
    });
    let edges = Edges::between(("pop_name", "CA3e"), ("pop_name", "CA3o"), back);
    on_soma(net.add_edges(synapses(edges, 1e-2))?)
}

fn exactly_two(net: &mut NetworkBuilder, random: &mut Stream) -> Result<(), Error> {
    for (population, n, stimulated) in [("DGg", 8, true), ("CA3e", 5, false)] {
        net.add_nodes(cells(n, population, stimulated, box_of(random, n, 10.0)))?;
    }
    let two = OneToAll(|source: Node<'_>, targets: &NodePool, random: &mut Stream| {
        let x = |node: Node<'_>| node.position().unwrap_or_default()[0];
        let mut synapses = vec![0; targets.len()];
        while synapses.iter().sum::<u32>() < 2 {
            let i = random.integer(0, targets.len() as i64 - 1) as usize;
            let dx = x(targets.node(i)) - x(source);
            if random.uniform() < (-dx * dx / 8.0).exp() {
                synapses[i] = 1;
            }
        }
        synapses
    });
    let edges = Edges::between(("pop_name", "DGg"), ("pop_name", "CA3e"), two);
    on_soma(net.add_edges(synapses(edges, 1e-2))?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [section, folder] = &arguments[..] else { return Err("usage: sections SECTION FOLDER".into()) };
    let mut net = NetworkBuilder::new("net")?;
    net.set_seed(1);
    let mut random = Stream::new(1, 0, 0);
    match section.as_str() {
        "columns" => columns(&mut net, &mut random)?,
        "properties" => properties(&mut net, &mut random)?,
        "recurrent" => recurrent(&mut net, &mut random)?,
        "exactly_two" => exactly_two(&mut net, &mut random)?,
        other => return Err(format!("there is no section {other}").into()),
    }
    net.save(&PathBuf::from(folder))?;
    println!("{} cells, {} synapses", net.nnodes(), net.nedges());
    Ok(())
}
