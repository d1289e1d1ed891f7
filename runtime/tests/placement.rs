//! Synapses at random places, as BMTK 1.2.0 places them: it draws from NumPy's `RandomState(gid)` for each cell.

mod model;

use model::Model;
use sonata::h5::{Compression, File};
use sonata::spikes;

/// The oscillator as the tutorial's document prints it: one synapse an edge, somewhere on the 51 segments of the soma.
fn as_printed() -> Model {
    let mut model = Model::new();
    model.config["run"]["tstop"] = 1000.into();
    let path = model.path("network/hco_net_hco_net_edges.h5");
    std::fs::remove_file(&path).unwrap();
    let file = File::create(&path).unwrap();
    let place = |name: &str| format!("/edges/hco_net_to_hco_net/{name}");
    let columns: [(&str, [u64; 4]); 6] = [
        ("source_node_id", [1, 1, 0, 0]),
        ("target_node_id", [0, 0, 1, 1]),
        ("edge_type_id", [101, 101, 100, 100]),
        ("edge_group_id", [0; 4]),
        ("edge_group_index", [0, 1, 2, 3]),
        ("0/nsyns", [1; 4]),
    ];
    for (name, values) in columns {
        file.write_u64(&place(name), &values, Compression::None).unwrap();
    }
    for name in ["source_node_id", "target_node_id"] {
        file.write_attribute_text(&place(name), "node_population", "hco_net").unwrap();
    }
    file.flush().unwrap();
    model.config["reports"] =
        serde_json::json!({"synapses": {"module": "save_synapses", "network_dir": model.path("saved")}});
    model
}

#[test]
fn the_oscillator_as_printed_has_bmtks_places_and_spikes() {
    let model = as_printed();
    model.run(&["--quiet"]).succeeds();
    let saved = File::open(&model.path("saved/hco_net_hco_net_edges.h5")).unwrap();
    let group = saved.groups("/edges").unwrap().remove(0);
    let column = |name: &str| format!("/edges/{group}/{name}");
    // The segments that BMTK chose: numbers 27 and 36 of the first cell, 21 and 36 of the second.
    let segments: Vec<f64> = saved.read_f64(&column("0/sec_x")).unwrap().iter().map(|x| (x * 51.0).floor()).collect();
    assert_eq!(segments, [27.0, 36.0, 21.0, 36.0]);
    assert_eq!(saved.read_u64(&column("target_node_id")).unwrap(), [0, 0, 1, 1]);
    let mut spikes = spikes::read(&model.path("output/spikes.h5")).unwrap().remove(0);
    spikes.sort(sonata::spikes::SortOrder::ByTime);
    // BMTK's spikes of this model.
    let expected = [
        (53.6, 0),
        (96.2, 0),
        (128.5, 0),
        (157.7, 0),
        (186.0, 0),
        (216.5, 0),
        (477.4, 1),
        (500.4, 1),
        (517.0, 1),
        (530.7, 1),
        (543.1, 1),
        (555.2, 1),
        (567.5, 1),
        (580.9, 1),
        (596.3, 1),
        (615.9, 1),
        (977.4, 0),
        (997.8, 0),
    ];
    let found: Vec<(f64, u64)> =
        spikes.timestamps.iter().map(|time| (time * 10.0).round() / 10.0).zip(spikes.node_ids).collect();
    assert_eq!(found, expected);
}
