//! Whole networks: built, saved, and read back.

use crate::connect::*;
use crate::edges::{ConstantValues, PerSynapse, ValuesInOrder};
use crate::*;
use std::path::Path;

fn two_layers(n: usize) -> NetworkBuilder {
    let mut net = NetworkBuilder::new("cortex").unwrap();
    let positions = |offset: f64| (0..n).map(|i| [i as f64, offset, 0.0]).collect::<Vec<_>>();
    net.add_nodes(Nodes::new(n).with("ei", "e").with("positions", positions(0.0))).unwrap();
    net.add_nodes(Nodes::new(n).with("ei", "i").with("positions", positions(1.0))).unwrap();
    net
}

fn edges_of(folder: &Path, file: &str) -> sonata::EdgePopulation {
    let types = folder.join(format!("{file}_edge_types.csv"));
    let mut populations = sonata::read_edges(&folder.join(format!("{file}_edges.h5")), Some(&types)).unwrap();
    assert_eq!(populations.len(), 1);
    populations.remove(0)
}

#[test]
fn a_network_comes_back_from_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut net = two_layers(3);
    net.add_nodes(Nodes::new(2).with("ei", "v").with("tuning", vec![0.5, 1.5])).unwrap();
    net.add_edges(Edges::between(("ei", "e"), ("ei", "i"), Constant(2)).with("delay", 2.0)).unwrap();
    let map = net.add_edges(Edges::between(("ei", "i"), ("ei", "e"), Constant(2))).unwrap();
    map.add_properties(&["sec_id", "sec_x"], ConstantValues(vec![0.into(), 0.5.into()]), &[Dtype::I32, Dtype::F64])
        .unwrap();
    net.save(folder.path()).unwrap();
    net.save(folder.path()).unwrap();
    assert_eq!((net.nnodes(), net.nedges()), (8, 36), "building twice makes no more edges");

    let nodes =
        sonata::read_nodes(&folder.path().join("cortex_nodes.h5"), Some(&folder.path().join("cortex_node_types.csv")));
    let nodes = nodes.unwrap().remove(0);
    assert_eq!(nodes.name(), "cortex");
    assert_eq!(nodes.ids(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(nodes.attributes().text(4, "ei").unwrap(), "i");
    assert_eq!(nodes.attributes().f64(7, "tuning").unwrap(), 1.5);
    assert_eq!(nodes.attributes().type_id(6), Some(102));

    let edges = edges_of(folder.path(), "cortex_cortex");
    assert_eq!(edges.len(), 9 + 18);
    assert!(edges.targets().is_sorted());
    for row in 0..edges.len() {
        let attributes = edges.attributes();
        if edges.targets()[row] < 3 {
            assert_eq!(attributes.type_id(row), Some(101));
            assert_eq!((attributes.i64(row, "sec_id").unwrap(), attributes.f64(row, "sec_x").unwrap()), (0, 0.5));
        } else {
            assert_eq!((attributes.i64(row, "nsyns").unwrap(), attributes.f64(row, "delay").unwrap()), (2, 2.0));
        }
    }
    let types = std::fs::read_to_string(folder.path().join("cortex_cortex_edge_types.csv")).unwrap();
    assert_eq!(
        types,
        "edge_type_id target_query source_query delay\n100 ei=='i' ei=='e' 2.0\n101 ei=='e' ei=='i' NULL\n"
    );
}

/// A rule with random numbers and properties, with little or much memory and one or several threads.
fn random_network(memory: usize, threads: usize) -> Vec<(u64, u64, i64, String)> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut net = two_layers(40);
    net.set_seed(11);
    net.set_memory(memory, None);
    let near = DistanceConnector { d_weight_min: 0.1, d_weight_max: 0.9, d_max: 10.0, nsyn_min: 1, nsyn_max: 3 };
    let map = net.add_edges(Edges::between(("ei", "e"), Filter::all(), near)).unwrap();
    map.add_properties(&["w"], PerSynapse::new(|s, _, random| [s.id() as f64 + random.uniform()]), &[]).unwrap();
    let map = net.add_edges(Edges::between(("ei", "i"), ("ei", "e"), RandomCount { low: 0, high: 2 })).unwrap();
    let labels = (0..10_000).map(|i| format!("synapse {i}")).collect::<Vec<_>>();
    map.add_properties(&["label"], ValuesInOrder(labels.into()), &[Dtype::Text]).unwrap();
    net.add_edges(Edges::between(("ei", "i"), ("ei", "i"), RandomCount { low: 0, high: 2 })).unwrap();
    pool.install(|| net.build()).unwrap();
    let on_disk = net.connections().iter().filter_map(|m| m.built()).flat_map(|b| b.store.blocks());
    assert_eq!(on_disk.filter(|b| b.is_on_disk()).count() > 0, memory < 1 << 20);
    net.save(folder.path()).unwrap();
    let edges = edges_of(folder.path(), "cortex_cortex");
    let a = edges.attributes();
    let show =
        |row| a.value(row, "w").unwrap().or(a.value(row, "nsyns").unwrap()).map_or_else(String::new, |v| v.to_string());
    (0..edges.len()).map(|r| (edges.sources()[r], edges.targets()[r], a.type_id(r).unwrap(), show(r))).collect()
}

#[test]
fn neither_threads_nor_memory_change_a_network() {
    let one = random_network(1 << 30, 1);
    assert!(one.len() > 2000, "{}", one.len());
    assert_eq!(one, random_network(1 << 30, 3));
    assert_eq!(one, random_network(2000, 2));
}

#[test]
fn iterators_are_asked_with_their_arguments() {
    let mut net = two_layers(4);
    // Exactly two targets for each source.
    let two = OneToAll(|source: Node<'_>, targets: &NodePool, _: &mut Stream| {
        (0..targets.len()).map(|t| u32::from(t as u64 == source.id() || t == 3)).collect()
    });
    net.add_edges(Edges::between(("ei", "e"), ("ei", "i"), two)).unwrap();
    let none = AllToOne(|sources: &NodePool, target: Node<'_>, _: &mut Stream| {
        vec![u32::from(target.id() == 0); sources.len()]
    });
    net.add_edges(Edges::between(("ei", "i"), ("ei", "e"), none)).unwrap();
    let far = Pairwise(|s: Node<'_>, t: Node<'_>, _: &mut Stream| {
        u32::from(s.position().unwrap()[0] - t.position().unwrap()[0] > 2.0)
    });
    net.add_edges(Edges::between(("ei", "e"), ("ei", "e"), far)).unwrap();
    let edges: Vec<_> = net.edges().unwrap().iter().map(|e| (e.source_node_id, e.target_node_id)).collect();
    assert_eq!(edges, [(0, 4), (0, 7), (1, 5), (1, 7), (2, 6), (2, 7), (3, 7), (4, 0), (5, 0), (6, 0), (7, 0), (3, 0)]);
}

#[test]
fn views_are_current_and_building_is_idempotent() {
    let mut net = two_layers(2);
    net.add_edges(Edges::between(("ei", "e"), ("ei", "i"), Constant(1))).unwrap();
    let first = net.edges().unwrap();
    assert_eq!(first.len(), 4);
    // Connect back where a connection is.
    let back = Pairwise(move |s: Node<'_>, t: Node<'_>, _: &mut Stream| {
        u32::from(first.iter().any(|e| e.source_node_id == t.id() && e.target_node_id == s.id()))
    });
    net.add_edges(Edges::between(("ei", "i"), ("ei", "e"), back)).unwrap();
    assert_eq!(net.edges().unwrap().len(), 8);
    net.build().unwrap();
    net.build().unwrap();
    assert_eq!(net.nedges(), 8);
    net.add_nodes(Nodes::new(1).with("ei", "e")).unwrap();
    assert_eq!(net.nodes(("ei", "e")).len(), 3);
    net.rebuild().unwrap();
    assert_eq!(net.nedges(), 10);
}

#[test]
fn several_networks_virtual_nodes_and_import() {
    let folder = tempfile::tempdir().unwrap();
    let mut lgn = NetworkBuilder::new("lgn").unwrap();
    lgn.add_nodes(Nodes::new(3).with("model_type", "virtual").with("node_id", vec![5i64, 9, 2])).unwrap();
    lgn.save_nodes(folder.path(), None, None).unwrap();
    let mut again = NetworkBuilder::new("lgn").unwrap();
    again.import_nodes(&folder.path().join("lgn_nodes.h5"), &folder.path().join("lgn_node_types.csv"), None).unwrap();
    assert_eq!(again.table().ids(), [5, 9, 2]);
    assert_eq!(again.nodes(("model_type", "virtual")).len(), 3);
    let mut net = two_layers(1);
    net.add_edges(Edges::between(again.nodes(Filter::all()), Filter::all(), Constant(1))).unwrap();
    net.add_edges(Edges::between(Filter::all(), Filter::all(), Constant(1))).unwrap();
    net.add_gap_junctions(Edges::between(("ei", "e"), ("ei", "i"), Constant(2)), 0.01).unwrap();
    let files = net.save_edges(folder.path(), &EdgeFiles::default()).unwrap();
    assert_eq!(files.len(), 5);
    let edges = edges_of(folder.path(), "lgn_cortex");
    assert_eq!(edges.source_population(), "lgn");
    assert_eq!((edges.sources(), edges.targets()), (&[5, 9, 2, 5, 9, 2][..], &[0, 0, 0, 1, 1, 1][..]));
    let gaps = sonata::h5::File::open(&folder.path().join("cortex_gap_juncs.h5")).unwrap();
    assert_eq!(gaps.read_u64("/target_ids").unwrap(), [1, 1]);
    assert_eq!(gaps.read_u64("/trg_gap_ids").unwrap(), [1, 3]);
}

#[test]
fn wrong_arguments_are_named() {
    let mut net = two_layers(2);
    let message = |result: Result<()>| result.unwrap_err().to_string();
    assert_eq!(message(net.add_nodes(Nodes::new(2).with("x", vec![1.0]))), "add_nodes: x: 1 values for N=2 nodes");
    assert_eq!(
        message(net.add_nodes(Nodes::new(1).with("node_id", vec![1i64]))),
        "add_nodes: node_id: 1 is already the id of a node of network cortex"
    );
    assert_eq!(net.nnodes(), 4, "nothing was added");
    let bad = OneToAll(|_: Node<'_>, _: &NodePool, _: &mut Stream| vec![1]);
    net.add_edges(Edges::between(("ei", "e"), ("ei", "i"), bad)).unwrap();
    assert_eq!(message(net.build()), "cortex: edge type 100: connection_rule: the rule gave 1 numbers for 2 targets");
    let mut net = two_layers(2);
    let map = net.add_edges(Edges::between(("ei", "e"), ("ei", "i"), Counts::Pairs(vec![1; 3]))).unwrap();
    let error = map.add_properties(&["a", "b"], ConstantValues(vec![1.into()]), &[Dtype::I8]).unwrap_err();
    assert_eq!(error.to_string(), "add_properties: dtypes: 1 types for 2 names");
    map.add_properties(&["a"], ConstantValues(vec![300.into()]), &[Dtype::I8]).unwrap();
    assert_eq!(
        message(net.build()),
        "cortex: edge type 100: connection_rule: a list of 3 numbers; one for each pair of source and target makes 4"
    );
    let mut net = two_layers(2);
    let map = net.add_edges(Edges::between(("ei", "e"), ("ei", "i"), Constant(1))).unwrap();
    map.add_properties(&["a"], ConstantValues(vec![300.into()]), &[Dtype::I8]).unwrap();
    assert_eq!(message(net.build()), "cortex: edge type 100: dtypes: 300 can't be stored as int8");
    let nowhere = DistanceConnector { d_weight_min: 0.0, d_weight_max: 1.0, d_max: 9.0, nsyn_min: 1, nsyn_max: 1 };
    let mut net = NetworkBuilder::new("n").unwrap();
    net.add_nodes(Nodes::new(1)).unwrap();
    net.add_edges(Edges::between(Filter::all(), Filter::all(), nowhere)).unwrap();
    assert_eq!(
        message(net.build()),
        "n: edge type 100: source: node 0 of network n has no `positions`, `position` or `x`, `y`, `z`"
    );
    let message = NetworkBuilder::new("a/b").unwrap_err().to_string();
    assert_eq!(message, "NetworkBuilder: name: `a/b` can't name a population");
}
