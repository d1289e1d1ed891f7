//! Two small runs that differ in known places.

use super::{FileComparison, compare, plot};
use sonata::Spikes;
use sonata::h5::Compression;
use sonata::report::{Mapping, ReportWriter, Settings};
use sonata::spikes::{SortOrder, write_h5};
use std::path::Path;

/// Writes a run of two cells, ten rows of 0.5 ms; `change` is added to node 7's value at t = 2 ms and to its spike.
fn run(folder: &Path, change: f64) {
    std::fs::create_dir_all(folder).unwrap();
    let mut mapping = Mapping::new("net");
    mapping.push(3, [(0, 0.5)]);
    mapping.push(7, [(0, 0.5)]);
    let compression = sonata::h5::Compression::None;
    let settings = Settings { variable: "v".into(), units: None, start: 0.0, end: 5.0, dt: 0.5, rows: 10, compression };
    let mut values: Vec<f64> = (0..20).map(f64::from).collect();
    values[7] += change;
    let writer = ReportWriter::create(&folder.join("v.h5"), &[mapping], &settings).unwrap();
    writer.write_rows(0, &values).unwrap();
    writer.finish().unwrap();
    let spikes = Spikes { population: "net".into(), timestamps: vec![1.0, 2.0 + change, 3.0], node_ids: vec![3, 7, 3] };
    write_h5(&folder.join("spikes.h5"), &[spikes], SortOrder::ByTime, Compression::default()).unwrap();
}

#[test]
fn equal_runs_agree_exactly() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder.path().join("a"), 0.0);
    run(&folder.path().join("b"), 0.0);
    let comparison = compare(&folder.path().join("a"), &folder.path().join("b")).unwrap();
    assert_eq!(comparison.files.len(), 2);
    assert!(comparison.agrees(0.0, 0.0), "{comparison}");
}

#[test]
fn a_difference_is_found_with_its_node_and_time() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder.path().join("a"), 0.0);
    run(&folder.path().join("b"), 0.25);
    let comparison = compare(&folder.path().join("a"), &folder.path().join("b")).unwrap();
    assert!(!comparison.agrees(0.1, 0.1));
    assert!(comparison.agrees(0.25, 0.25));
    for file in &comparison.files {
        match file {
            FileComparison::Spikes { counts, largest, first, .. } => {
                assert_eq!((*counts, *largest, *first), ((3, 3), 0.25, Some((7, 2.0))));
            }
            FileComparison::Report { values, largest, place, .. } => {
                assert_eq!((*values, *largest, *place), (20, 0.25, Some((7, 2.0))));
            }
            FileComparison::Unlike { .. } => panic!("{file}"),
        }
    }
}

#[test]
fn a_run_is_drawn_with_a_line_for_each_node() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0.0);
    let picture = folder.path().join("pictures/v.svg");
    plot(folder.path(), &picture).unwrap();
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.contains("net 3") && svg.contains("net 7") && svg.contains("v (mV)"), "{svg}");
}

#[test]
fn a_folder_without_results_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = compare(folder.path(), folder.path()).unwrap_err().to_string();
    assert!(error.contains("no spikes or reports"), "{error}");
}
