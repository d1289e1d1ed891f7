//! Two small runs that differ in known places.

use super::{
    AnalysisError, Comparison, Content, FileComparison, FileInfo, Kind, Options, ResultFiles, Tolerances, compare, plot,
};
use sonata::Spikes;
use sonata::ecp::EcpWriter;
use sonata::h5::{Compression, Stored};
use sonata::report::{Mapping, ReportWriter, Settings};
use sonata::spikes::{SortOrder, write_h5};
use std::path::{Path, PathBuf};

/// Writes a run of two cells, ten rows of 0.5 ms; `change` is added to node 7's value at t = 2 ms and to its spike.
fn run(folder: &Path, change: f64) {
    std::fs::create_dir_all(folder).unwrap();
    let mut mapping = Mapping::new("net");
    mapping.push(3, [(0, 0.5)]);
    mapping.push(7, [(0, 0.5)]);
    let mut values: Vec<f64> = (0..20).map(f64::from).collect();
    values[7] += change;
    write_report(&folder.join("v.h5"), mapping, 10, &values);
    let spikes = Spikes { population: "net".into(), timestamps: vec![1.0, 2.0 + change, 3.0], node_ids: vec![3, 7, 3] };
    write_spikes(&folder.join("spikes.h5"), spikes);
}

fn write_report(path: &Path, mapping: Mapping, rows: usize, values: &[f64]) {
    let stored = Stored::default();
    let settings = Settings { variable: "v".into(), units: None, start: 0.0, end: 5.0, dt: 0.5, rows, stored };
    let writer = ReportWriter::create(path, &[mapping], &settings).unwrap();
    writer.write_rows(0, values).unwrap();
    writer.finish().unwrap();
}

fn write_spikes(path: &Path, spikes: Spikes) {
    write_h5(path, &[spikes], SortOrder::ByTime, Compression::default()).unwrap();
}

fn write_ecp(path: &Path, change: f64) {
    let writer = EcpWriter::create(path, 4, 2, (0.5, 2.0), Stored::default()).unwrap();
    writer.write_rows(0, &[0.0, 1e-3, 2e-3, -3e-3, 0.0, 1e-3 + change, 0.0, 0.0]).unwrap();
}

fn compared(a: &Path, b: &Path, tolerance: f64) -> Comparison {
    compare(a, b, Tolerances { time: tolerance, value: tolerance }).unwrap()
}

fn two(change: f64) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    run(&a, 0.0);
    run(&b, change);
    (folder, a, b)
}

#[test]
fn equal_runs_agree_exactly() {
    let (_folder, a, b) = two(0.0);
    let comparison = compared(&a, &b, 0.0);
    assert_eq!((comparison.files.len(), comparison.verdict()), (2, "the runs agree".to_owned()));
    assert!(comparison.agrees(), "{comparison}");
}

#[test]
fn a_difference_is_found_with_its_node_and_time() {
    let (_folder, a, b) = two(0.25);
    assert!(compared(&a, &b, 0.25).agrees());
    let comparison = compared(&a, &b, 0.1);
    assert!(!comparison.agrees());
    for file in &comparison.files {
        let first = match file {
            FileComparison::Spikes { counts, largest, first, .. } => {
                assert_eq!((*counts, *largest), ((3, 3), 0.25));
                first.as_ref().unwrap()
            }
            FileComparison::Values { values, largest, first, .. } => {
                assert_eq!((*values, *largest), (20, Some(0.25)));
                assert_eq!(
                    (first.as_ref().unwrap().what.as_str(), first.as_ref().unwrap().values),
                    ("v", (Some(7.0), Some(7.25)))
                );
                first.as_ref().unwrap()
            }
            FileComparison::Unlike { .. } => panic!("{file}"),
        };
        assert_eq!(first.time, 2.0);
        assert!(first.place.starts_with("node 7 of net"), "{first}");
    }
    let verdict = comparison.verdict();
    assert!(verdict.contains("first at 2 ms, node 7 of net, spikes at 2 and 2.25 ms"), "{verdict}");
}

#[test]
fn a_lost_spike_shifts_no_other_node() {
    let (_folder, a, b) = two(0.0);
    let spikes = Spikes { population: "net".into(), timestamps: vec![2.0, 3.0], node_ids: vec![7, 3] };
    write_spikes(&b.join("spikes.h5"), spikes);
    let comparison = compared(&a.join("spikes.h5"), &b.join("spikes.h5"), 0.0);
    assert!(comparison.to_string().contains("node 3 of net, spikes at 1 and 3 ms"), "{comparison}");
    let spikes = Spikes { population: "net".into(), timestamps: vec![1.0, 3.0], node_ids: vec![3, 3] };
    write_spikes(&b.join("spikes.h5"), spikes);
    let comparison = compared(&a.join("spikes.h5"), &b.join("spikes.h5"), 0.0);
    assert!(comparison.to_string().contains("at 2 ms, node 7 of net, a spike in the first run only"), "{comparison}");
}

#[test]
fn what_one_run_lacks_is_a_difference() {
    let (_folder, a, b) = two(0.0);
    std::fs::copy(a.join("v.h5"), b.join("cai.h5")).unwrap();
    std::fs::remove_file(a.join("spikes.h5")).unwrap();
    let text = compared(&a, &b, 0.0).to_string();
    assert!(text.contains("spikes.h5: is in the second run only"), "{text}");
    write_ecp(&b.join("ecp.h5"), 0.0);
    assert!(compared(&a, &b, 0.0).to_string().contains("ecp.h5: is in the second run only"));
    write_ecp(&a.join("ecp.h5"), 1e-4);
    let text = compared(&a, &b, 1e-5).to_string();
    assert!(text.contains("at 1.5 ms, channel 1, potential is 0.0011 and 0.001"), "{text}");
}

#[test]
fn nodes_may_stand_in_another_order() {
    let (_folder, a, b) = two(0.0);
    let mut mapping = Mapping::new("net");
    mapping.push(7, [(0, 0.5)]);
    mapping.push(3, [(0, 0.5)]);
    let swapped: Vec<f64> = (0..20).map(|i| f64::from(i ^ 1)).collect();
    write_report(&b.join("v.h5"), mapping, 10, &swapped);
    assert!(compared(&a, &b, 0.0).agrees());
    let mut other = Mapping::new("net");
    other.push(3, [(0, 0.5)]);
    other.push(8, [(0, 0.5)]);
    write_report(&b.join("v.h5"), other, 10, &swapped);
    assert!(compared(&a, &b, 0.0).to_string().contains("node 7 is in the first run only"));
}

fn drawn(folder: &Path, name: &str, options: &Options) -> Result<String, AnalysisError> {
    let picture = folder.join(name);
    plot(&ResultFiles::find(folder)?, None, &picture, options)?;
    Ok(String::from_utf8_lossy(&std::fs::read(&picture).unwrap()).into_owned())
}

#[test]
fn all_results_are_drawn_below_each_other() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0.0);
    write_ecp(&folder.path().join("ecp.h5"), 0.0);
    let svg = drawn(folder.path(), "pictures/all.svg", &Options::default()).unwrap();
    for text in ["node 3", "node 7", "v (mV)", "node id", "time (ms)", "channel"] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    let png = drawn(folder.path(), "all.png", &Options { heat_map: true, ..Options::default() }).unwrap();
    assert!(png.starts_with("\u{fffd}PNG"));
}

#[test]
fn options_choose_what_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0.0);
    let with = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        drawn(folder.path(), "some.svg", &options)
    };
    let svg = with(|options| options.kinds = vec![Kind::Raster]).unwrap();
    assert!(svg.contains("node id") && svg.contains("spikes/s") && !svg.contains("v (mV)"));
    assert!(
        !with(|options| (options.kinds, options.histogram) = (vec![Kind::Raster], false)).unwrap().contains("spikes/s")
    );
    let svg = with(|options| options.wanted.nodes = Some("7".parse().unwrap())).unwrap();
    assert!(svg.contains("node 7") && !svg.contains("node 3"));
    assert!(with(|options| options.average = true).unwrap().contains("mean of 2"));
    assert!(with(|options| options.title = Some("A & B".into())).unwrap().contains("A &amp; B"));
    let error = |change| with(change).unwrap_err().to_string();
    assert!(error(|options| options.populations = vec!["nat".into()]).contains("the populations are net"));
    assert!(
        error(|options| (options.kinds, options.variables) = (vec![Kind::Traces], vec!["cai".into()]))
            .contains("the variables are v")
    );
    assert!(error(|options| options.kinds = vec![Kind::Ecp]).contains("as ecp"));
    assert!(error(|options| options.wanted.node_sets = vec!["exc".into()]).contains("--config"));
    let error = drawn(folder.path(), "some.jpg", &Options::default()).unwrap_err().to_string();
    assert!(error.contains(".svg or .png"), "{error}");
}

#[test]
fn files_are_described() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0.0);
    write_ecp(&folder.path().join("ecp.h5"), 0.0);
    let text = |name: &str| FileInfo::read(&folder.path().join(name), None).unwrap()[0].to_string();
    assert!(
        text("spikes.h5").ends_with("net: 3 spikes of 2 nodes, from 1 to 3 ms, 500.00 Hz each\n"),
        "{}",
        text("spikes.h5")
    );
    let v = text("v.h5");
    assert!(
        v.contains("net: v of 2 nodes, 2 elements, 10 rows from 0 to 5 ms every 0.5 ms, values from 0 to 19"),
        "{v}"
    );
    assert!(text("ecp.h5").contains("potentials (mV) at 2 channels (0, 1), 4 rows"), "{}", text("ecp.h5"));
    let found = FileInfo::read(&folder.path().join("v.h5"), None).unwrap();
    assert!(matches!(&found[0].content, Content::Reports(reports) if reports.len() == 1));
    let empty = folder.path().join("empty.h5");
    sonata::h5::File::create(&empty).unwrap();
    assert!(FileInfo::read(&empty, None).unwrap_err().to_string().contains("has no nodes, edges"));
}

#[test]
fn a_folder_without_results_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = ResultFiles::find(folder.path()).unwrap_err().to_string();
    assert!(error.contains("no spikes or reports"), "{error}");
}
