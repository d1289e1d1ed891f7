//! Nodes, edges and node sets of small networks made here.

use crate::attributes::Value as Attribute;
use crate::h5::{Compression, File};
use crate::{Error, NodePopulation, NodeSets, read_edges, read_nodes};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const ZIP: Compression = Compression::Gzip;

const NODE_TYPES: &str = "node_type_id model_type pop_name ei size\n\
                          100 biophysical Scnn1a e 3\n101 biophysical PV i 5.5\n102 virtual LGN NULL NULL\n";

/// Two populations: "cortex" (5 nodes of 2 groups, ids not in order) and "lgn" (3 virtual nodes without ids).
fn nodes(dir: &Path) -> (PathBuf, PathBuf) {
    let (path, types) = (dir.join("nodes.h5"), dir.join("types.csv"));
    std::fs::write(&types, NODE_TYPES).unwrap();
    let file = File::create(&path).unwrap();
    file.write_u64("/nodes/cortex/node_id", &[4, 0, 1, 2, 3], ZIP).unwrap();
    file.write_u64("/nodes/cortex/node_type_id", &[100, 100, 101, 101, 100], ZIP).unwrap();
    file.write_u64("/nodes/cortex/node_group_id", &[0, 0, 1, 1, 0], ZIP).unwrap();
    file.write_u64("/nodes/cortex/node_group_index", &[2, 1, 0, 1, 0], ZIP).unwrap();
    file.write_f64("/nodes/cortex/0/depth", &[30.0, 20.0, 10.0], ZIP).unwrap();
    file.write_f64_rows("/nodes/cortex/0/positions", &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], 3).unwrap();
    file.write_text("/nodes/cortex/1/pop_name", &["own", "PV"]).unwrap();
    file.write_i64("/nodes/cortex/1/size", &[-1, 7], ZIP).unwrap();
    file.create_group("/nodes/cortex/0/dynamics_params").unwrap();
    file.write_u64("/nodes/lgn/node_type_id", &[102; 3], ZIP).unwrap();
    file.create_group("/nodes/lgn/0").unwrap();
    (path, types)
}

fn network(dir: &Path) -> Vec<NodePopulation> {
    let (path, types) = nodes(dir);
    read_nodes(&path, Some(&types)).unwrap()
}

#[test]
fn groups_go_before_types() {
    let dir = tempfile::tempdir().unwrap();
    let populations = network(dir.path());
    let [cortex, lgn] = &populations[..] else { panic!() };
    assert_eq!((cortex.name(), cortex.len(), lgn.len()), ("cortex", 5, 3));
    assert_eq!((cortex.row(4), cortex.row(3), cortex.row(5)), (Some(0), Some(4), None));
    assert_eq!((lgn.ids(), lgn.row(2), lgn.row(3)), (&[0, 1, 2][..], Some(2), None));
    let a = cortex.attributes();
    assert_eq!((a.f64(0, "depth").unwrap(), a.f64(4, "depth").unwrap()), (10.0, 30.0));
    assert_eq!(a.value(1, "positions").unwrap(), Some(Attribute::Row(&[3.0, 4.0, 5.0])));
    assert_eq!((a.text(0, "pop_name").unwrap(), a.text(2, "pop_name").unwrap()), ("Scnn1a", "own"));
    assert_eq!((a.i64(0, "size").unwrap(), a.i64(3, "size").unwrap()), (3, 7));
    assert_eq!(a.f64_column("size", None).unwrap(), [3.0, 3.0, -1.0, 7.0, 3.0]);
    assert_eq!(a.f64_column("depth", Some(-1.0)).unwrap(), [10.0, 20.0, -1.0, -1.0, 30.0]);
    assert_eq!(lgn.attributes().opt_text(0, "ei").unwrap(), None);
    assert_eq!(lgn.attributes().text(0, "model_type").unwrap(), "virtual");
    assert_eq!(a.type_id(2), Some(101));
}

#[test]
fn errors_of_attributes_name_the_row_and_where_it_was_looked_for() {
    let dir = tempfile::tempdir().unwrap();
    let populations = network(dir.path());
    let short = |e: Error| e.to_string().replace(&format!("{}/", dir.path().display()), "");
    let a = populations[0].attributes();
    assert_eq!(
        short(a.f64(2, "dpeth").unwrap_err()),
        "nodes.h5: /nodes/cortex: row 2 has no `dpeth`, neither in group 1 nor in type 101 of types.csv \
         (did you mean `depth`?)"
    );
    assert_eq!(
        short(a.f64(1, "ei").unwrap_err()),
        "types.csv: /nodes/cortex: row 1: `ei`: expected a number, found \"e\""
    );
    assert!(matches!(a.f64_column("depth", None), Err(Error::NoAttribute(lack)) if lack.row == 2));
    assert!(matches!(a.f64_column("pop_name", None), Err(Error::BadAttribute { row: 0, .. })));
}

#[test]
fn broken_files_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let (path, types) = nodes(dir.path());
    let short = |e: Error| e.to_string().replace(&format!("{}/", dir.path().display()), "");
    std::fs::write(&types, "node_type_id a\n100 x\n101 y\n").unwrap();
    assert_eq!(
        short(read_nodes(&path, Some(&types)).unwrap_err()),
        "nodes.h5: /nodes/lgn/node_type_id: row 0: type 102 is not in types.csv"
    );
    assert_eq!(short(read_edges(&path, None).unwrap_err()), "nodes.h5: there is no group /edges (there is nodes)");
    assert!(short(read_nodes(&types, None).unwrap_err()).starts_with("types.csv: /: "));
    assert!(short(read_nodes(&dir.path().join("no.h5"), None).unwrap_err()).starts_with("no.h5: No such file"));
    let file = File::create(&path).unwrap();
    file.write_u64("/nodes/a/node_type_id", &[100, 100], ZIP).unwrap();
    file.write_u64("/nodes/a/node_group_id", &[0, 0], ZIP).unwrap();
    file.write_u64("/nodes/a/node_group_index", &[0, 1], ZIP).unwrap();
    file.write_f64("/nodes/a/0/x", &[1.0], ZIP).unwrap();
    drop(file);
    assert_eq!(
        short(read_nodes(&path, None).unwrap_err()),
        "nodes.h5: /nodes/a/node_group_index: row 1: group 0 has 1 rows, so there is no row 1"
    );
}

/// Edges onto the nodes 0..3 of "cortex", from "lgn".
fn edges(path: &Path, index: Option<(&str, &[u64], &[u64])>) {
    let file = File::create(path).unwrap();
    let at = |name: &str| format!("/edges/lgn_to_cortex/{name}");
    file.write_u64(&at("source_node_id"), &[0, 1, 2, 0, 1], ZIP).unwrap();
    file.write_u64(&at("target_node_id"), &[2, 0, 2, 0, 2], ZIP).unwrap();
    file.write_attribute_text(&at("source_node_id"), "node_population", "lgn").unwrap();
    file.write_u64(&at("edge_type_id"), &[7, 7, 8, 7, 8], ZIP).unwrap();
    file.write_u64(&at("edge_group_id"), &[0; 5], ZIP).unwrap();
    file.write_u64(&at("edge_group_index"), &[0, 1, 2, 3, 4], ZIP).unwrap();
    file.write_u64(&at("0/nsyns"), &[1, 2, 3, 4, 5], ZIP).unwrap();
    if let Some((name, nodes, ranges)) = index {
        let at = |dataset: &str| format!("/edges/lgn_to_cortex/{name}/target_to_source/{dataset}");
        file.write_u64_rows(&at("node_id_to_range"), nodes, 2).unwrap();
        file.write_u64_rows(&at("range_to_edge_id"), ranges, 2).unwrap();
    }
}

#[test]
fn edges_are_visited_in_the_order_of_the_index() {
    let dir = tempfile::tempdir().unwrap();
    let (path, types) = (dir.path().join("edges.h5"), dir.path().join("edge_types.csv"));
    std::fs::write(
        &types,
        "edge_type_id syn_weight target_sections distance_range delay\n\
         7 1e-4 ['soma'] \"[0, 999]\" 2\n8 0.5 \"['basal', 'apical']\" 150 NULL\n",
    )
    .unwrap();
    let read = || read_edges(&path, Some(&types)).unwrap().remove(0);
    edges(&path, None);
    let e = read();
    assert_eq!((e.name(), e.source_population(), e.target_population()), ("lgn_to_cortex", "lgn", "cortex"));
    let order = e.by_target(&[2, 1, 0]).unwrap();
    assert_eq!((order.edges(0), order.edges(1), order.edges(2)), (&[0, 2, 4][..], &[][..], &[1, 3][..]));
    let a = e.attributes();
    assert_eq!(a.i64_column("nsyns", None).unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(a.f64_column("syn_weight", None).unwrap(), [1e-4, 1e-4, 0.5, 1e-4, 0.5]);
    assert_eq!(a.f64_column("delay", Some(0.0)).unwrap(), [2.0, 2.0, 0.0, 2.0, 0.0]);
    assert!(matches!(a.f64_column("delay", None), Err(Error::NoAttribute(lack)) if lack.row == 2));
    assert_eq!(a.text_list(2, "target_sections").unwrap().unwrap(), ["basal", "apical"]);
    assert_eq!(
        (a.range(0, "distance_range").unwrap(), a.range(2, "distance_range").unwrap()),
        (Some([0.0, 999.0]), Some([0.0, 150.0]))
    );
    // A file that is open can't be written.
    drop(e);
    // An index may list the edges of a node in another order, under either spelling; it need not know later nodes.
    for name in ["indices", "indicies"] {
        edges(&path, Some((name, &[0, 2, 0, 0, 2, 4], &[3, 4, 1, 2, 4, 5, 0, 1])));
        let broken = read().by_target(&[0, 1, 2]).unwrap_err().to_string();
        assert!(broken.contains("row 2: 2 edges are listed, there are 3; the index does not fit"), "{broken}");
        edges(&path, Some((name, &[0, 2, 0, 0, 2, 5], &[3, 4, 1, 2, 4, 5, 0, 1, 2, 3])));
        let order = read().by_target(&[0, 1, 2, 3]).unwrap();
        assert_eq!((order.all(), order.len(), order.edges(3)), (&[3, 1, 4, 0, 2][..], 4, &[][..]));
    }
    let error = read().by_target(&[0, 1]).unwrap_err().to_string();
    assert!(error.ends_with("target_node_id: row 0: node 2 is not in population cortex"), "{error}");
}

#[test]
fn enumerated_columns_have_labels() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("n.h5");
    let file = File::create(&path).unwrap();
    file.write_u64("/nodes/a/node_type_id", &[1, 1, 1], ZIP).unwrap();
    file.write_u64("/nodes/a/0/layer", &[1, 0, 1], ZIP).unwrap();
    file.write_text("/nodes/a/0/@library/layer", &["L4", "L5"]).unwrap();
    drop(file);
    let population = read_nodes(&path, None).unwrap().remove(0);
    assert_eq!(population.attributes().text(0, "layer").unwrap(), "L5");
    assert_eq!(population.attributes().type_id(0), None);
}

fn select(populations: &[NodePopulation], set: Value) -> Result<Vec<(String, Vec<u64>)>, String> {
    let sets = json!({
        "exc": {"population": "cortex", "ei": "e"},
        "some": [1, 2],
        "both": ["exc", "lgn"],
        "deep": {"depth": {"$gte": 20}},
        "loop": ["exc", "loop"]
    });
    let sets = sets.as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    NodeSets::new(sets).resolve(&set, populations).map_err(|e| e.to_string())
}

#[test]
fn node_sets() {
    let dir = tempfile::tempdir().unwrap();
    let populations = network(dir.path());
    let check = |set: Value, cortex: &[u64], lgn: &[u64]| {
        let wanted = [("cortex", cortex), ("lgn", lgn)].into_iter().filter(|(_, ids)| !ids.is_empty());
        let wanted: Vec<(String, Vec<u64>)> = wanted.map(|(n, ids)| (n.to_owned(), ids.to_vec())).collect();
        assert_eq!(select(&populations, set.clone()), Ok(wanted), "{set}");
    };
    check(json!("all"), &[0, 1, 2, 3, 4], &[0, 1, 2]);
    check(json!("lgn"), &[], &[0, 1, 2]);
    check(json!("biophysical"), &[0, 1, 2, 3, 4], &[]);
    check(json!("exc"), &[0, 3, 4], &[]);
    check(json!("some"), &[1, 2], &[1, 2]);
    check(json!("both"), &[0, 3, 4], &[0, 1, 2]);
    check(json!("deep"), &[0, 3], &[]);
    check(json!({}), &[0, 1, 2, 3, 4], &[0, 1, 2]);
    check(json!({"pop_name": ["own", "LGN"]}), &[1], &[0, 1, 2]);
    check(json!({"population": ["cortex"], "node_id": [4, 2], "size": 7}), &[2], &[]);
    check(json!({"node_type_id": 101}), &[1, 2], &[]);
    check(json!({"size": 3.0}), &[0, 3, 4], &[]);
    check(json!({"depth": {"$gt": 10, "$lt": 30}}), &[0], &[]);
    check(json!({"model_type": "virtual", "ei": "e"}), &[], &[]);
    check(json!({"model_type": {"$regex": "vi.*"}, "population": "cortex"}), &[], &[]);
    check(json!({"size": {"$regex": "3"}}), &[0, 3, 4], &[]);
}

#[test]
fn node_sets_that_mean_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let populations = network(dir.path());
    let error = |set: Value| select(&populations, set).unwrap_err();
    assert_eq!(error(json!("ecx")), "node set `ecx`: there is no node set of this name (did you mean `exc`?)");
    assert_eq!(
        error(json!({"pop_nam": "PV"})),
        "node set {\"pop_nam\":\"PV\"}: no node has `pop_nam` (did you mean `pop_name`?)"
    );
    assert_eq!(
        error(json!({"population": "v1"})),
        "node set {\"population\":\"v1\"}: there is no population `v1` (there is cortex, lgn)"
    );
    assert_eq!(error(json!([1, 9])), "node set [1,9]: node 9 is not in cortex, lgn");
    assert_eq!(
        error(json!({"size": {"$regexp": "3"}})),
        "node set {\"size\":{\"$regexp\":\"3\"}}: size: `$regexp` is not supported (did you mean `$regex`?)"
    );
    assert!(error(json!({"ei": {"$regex": "("}})).contains("ei: `(` is no regular expression"));
    assert_eq!(error(json!("loop")), "node set [\"exc\",\"loop\"]: `loop` is defined by itself");
    assert_eq!(error(json!(3)), "node set 3: expected a name, a filter { ... } or a list");
}
