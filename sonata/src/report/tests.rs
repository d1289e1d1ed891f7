use super::*;
use crate::h5::{Compression, Stored};

fn mapping() -> Vec<Mapping> {
    let mut a = Mapping::new("a");
    a.push(3, [(0, 0.5)]);
    a.push(5, [(0, 0.25), (0, 0.75), (2, 0.5)]);
    let mut b = Mapping::new("b");
    b.push(0, [(0, 0.5)]);
    vec![a, b]
}

fn settings(rows: usize) -> Settings {
    let stored = Stored { single: rows == 2, compression: Compression::Gzip };
    Settings { variable: "v".into(), units: None, start: 0.0, end: 10.0, dt: 0.1, rows, stored }
}

#[test]
fn blocks_are_split_by_population() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("v.h5");
    let writer = ReportWriter::create(&path, &mapping(), &settings(100)).unwrap();
    assert_eq!(writer.columns(), 5);
    let values: Vec<f64> = (0..500).map(f64::from).collect();
    writer.write_rows(0, &values[..300]).unwrap();
    writer.write_rows(60, &values[300..]).unwrap();
    writer.finish().unwrap();
    let report = Report::open(&path).unwrap();
    let a = report.population("a").unwrap();
    assert_eq!(a.mapping, mapping()[0]);
    assert_eq!((a.rows, a.columns(), a.time), (100, 4, [0.0, 10.0, 0.1]));
    assert_eq!((a.variable.as_deref(), a.units.as_deref()), (Some("v"), None));
    assert_eq!(a.node_columns(5), Some(1..4));
    assert_eq!(a.node_columns(4), None);
    assert_eq!(a.block(98..100, 0..4).unwrap(), [490.0, 491.0, 492.0, 493.0, 495.0, 496.0, 497.0, 498.0]);
    assert_eq!(report.population("b").unwrap().column(0).unwrap()[..3], [4.0, 9.0, 14.0]);
}

#[test]
fn rows_are_readable_before_the_end_and_others_are_nan() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("v.h5"), dir.path().join("copy.h5"));
    let writer = ReportWriter::create(&path, &mapping()[..1], &settings(100)).unwrap();
    for first in [0, 7, 14] {
        writer.write_rows(first, &[f64::from(first as u32); 28]).unwrap();
        // What a killed process leaves behind is what is on disk now.
        std::fs::copy(&path, &copy).unwrap();
        let column = Report::open(&copy).unwrap().populations[0].column(2).unwrap();
        assert_eq!(column[first], first as f64);
        assert!(column[first + 7..].iter().all(|v| v.is_nan()));
    }
    drop(writer);
    assert_eq!(Report::open(&path).unwrap().populations[0].column(0).unwrap()[20], 14.0);
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("v.h5");
    let writer = ReportWriter::create(&path, &mapping()[..1], &settings(2)).unwrap();
    let error = writer.write_rows(1, &[0.0; 8]).unwrap_err().to_string();
    assert!(error.ends_with("/report/a/data: 8 values from row 1 on do not fit in 2 rows of 4 columns"), "{error}");
    assert!(writer.write_rows(0, &[0.0; 3]).is_err());
    let mut broken = mapping();
    broken[0].element_pos.pop();
    assert!(ReportWriter::create(&path.with_extension("2.h5"), &broken, &settings(2)).is_err());
}

#[test]
fn a_report_without_elements_is_a_report() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("v.h5");
    let writer = ReportWriter::create(&path, &[Mapping::new("a")], &settings(10)).unwrap();
    writer.write_rows(0, &[]).unwrap();
    drop(writer);
    assert_eq!(Report::open(&path).unwrap().populations[0].columns(), 0);
}
