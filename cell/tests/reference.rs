//! The templates under `reference/`, executed here and in NEURON 9.0.2 (`reference/make_reference.py`): the same
//! sections, segments, areas, resistances, matrix coefficients, node numbers, values and results of statements.

use std::path::{Path, PathBuf};

use cell::{
    Catalogue, Cell, SectionId,
    hoc::{Argument, Hoc},
};
use serde_json::Value;

/// Relative difference accepted where a result goes through the platform's sine and cosine (`define_shape`), or is made
/// by another formula. Everything else is equal to the last bit.
const TOLERANCE: f64 = 1e-14;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

fn reference() -> Value {
    let text = std::fs::read_to_string(folder().join("reference.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::new().with_density("pas", &["g", "e"], &[]).with_density(
        "hh",
        &["gnabar", "gkbar", "gl", "el"],
        &["na", "k"],
    );
    let defaults =
        [("pas", "g", 0.001), ("pas", "e", -70.0), ("hh", "gnabar", 0.12), ("hh", "gkbar", 0.036), ("hh", "el", -54.3)];
    for (mechanism, variable, value) in defaults {
        catalogue.density[mechanism].range[variable] = Some(value);
    }
    catalogue
}

fn build(template: &str, dl: f64) -> Cell {
    let file = match template {
        "HalfCentre" => "halfcentre.hoc",
        "Branching" => "branching.hoc",
        "Points" => "points.hoc",
        "Shape2" => "shape.hoc",
        "Forest" => "forest.hoc",
        other => panic!("no file for {other}"),
    };
    let mut hoc = Hoc::new(catalogue());
    hoc.load_file(folder().join(file)).unwrap_or_else(|error| panic!("{error}"));
    let mut cell = hoc.instantiate(template, &[]).unwrap_or_else(|error| panic!("{error}"));
    if dl > 0.0 {
        for id in cell.all() {
            cell.section_mut(id).set_nseg_from_dl(dl).unwrap();
        }
    }
    cell
}

/// Numbers are kept as text, since not every JSON reader rounds to the last bit.
fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

#[track_caller]
fn close(what: &str, ours: &[f64], theirs: &Value) {
    compare_numbers(what, ours, theirs, TOLERANCE);
}

/// Equal to the last bit.
#[track_caller]
fn same(what: &str, ours: &[f64], theirs: &Value) {
    compare_numbers(what, ours, theirs, 0.0);
}

#[track_caller]
fn compare_numbers(what: &str, ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = numbers(theirs);
    assert_eq!(ours.len(), theirs.len(), "{what}: {ours:?} against {theirs:?}");
    for (i, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        let scale = a.abs().max(b.abs()).max(1e-300);
        assert!((a - b).abs() <= tolerance * scale, "{what}[{i}]: {a:e} against {b:e}");
    }
}

/// Sections are listed in order of x by Python, in node order here.
fn by_x<T: Clone>(cell: &Cell, id: SectionId, values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    if cell.section(id).is_reversed() {
        values.reverse();
    }
    values
}

/// Names as NEURON gives them, without the object: those of objects inside the cell keep their own.
fn name_of(cell: &Cell, id: SectionId) -> String {
    let name = cell.section(id).name();
    cell::SectionName { owner: None, ..name.clone() }.to_string()
}

fn compare(expected: &Value) {
    let template = expected["template"].as_str().unwrap();
    let dl = number(&expected["dl"]);
    let cell = build(template, dl);
    let nodes = cell.compartments().unwrap();
    let sections = expected["sections"].as_array().unwrap();
    let ids: Vec<SectionId> = cell.ids().collect();
    let ours: Vec<String> = ids.iter().map(|&id| name_of(&cell, id)).collect();
    let theirs: Vec<&str> = sections.iter().map(|section| section["name"].as_str().unwrap()).collect();
    assert_eq!(ours, theirs, "{template}: sections in order of creation");
    for (&id, theirs) in ids.iter().zip(sections) {
        let section = cell.section(id);
        let compare_bits = if template == "Shape2" { close } else { same };
        let what = |name: &str| format!("{template} dl {dl} {} {name}", section.name());
        let n = section.nseg();
        assert_eq!(n as u64, number(&theirs["nseg"]) as u64, "{}", what("nseg"));
        let one = |name: &str, ours: f64| compare_bits(&what(name), &[ours], &Value::from(vec![theirs[name].clone()]));
        one("L", section.length());
        one("Ra", section.ra());
        assert_eq!(section.is_reversed(), number(&theirs["orientation"]) == 1.0, "{}", what("orientation"));
        let first = nodes.first[id.0];
        let all = first..first + n;
        let column = |values: &[f64]| by_x(&cell, id, &values[all.clone()]);
        let with_end = |values: &[f64]| {
            let mut column = column(values);
            column.push(values[first + n]);
            column
        };
        let x: Vec<f64> = all.clone().map(|node| nodes.x_of(node)).collect();
        close(&what("x"), &by_x(&cell, id, &x), &theirs["x"]);
        compare_bits(&what("diam"), &column(&nodes.diam), &theirs["diam"]);
        compare_bits(&what("diam of section"), &by_x(&cell, id, &section.diam()), &theirs["diam"]);
        compare_bits(&what("cm"), &column(&nodes.cm), &theirs["cm"]);
        compare_bits(&what("area"), &column(&nodes.area), &theirs["area"]);
        let ri: Vec<f64> = nodes.conductance.iter().map(|g| 1.0 / g).collect();
        compare_bits(&what("ri"), &with_end(&ri), &theirs["ri"]);
        compare_bits(&what("a"), &with_end(&nodes.a), &theirs["a"]);
        compare_bits(&what("b"), &with_end(&nodes.b), &theirs["b"]);
        let mut numbering = by_x(&cell, id, &all.clone().map(|node| node as f64).collect::<Vec<_>>());
        numbering.push((first + n) as f64);
        compare_bits(&what("node"), &numbering, &theirs["node"]);
        one("begin", nodes.begin[id.0] as f64);
        let end = if section.is_reversed() { 0.0 } else { 1.0 };
        assert_eq!(nodes.node_of(id, end), Some(first + n));
        assert_eq!(nodes.node_of(id, 1.0 - end), Some(nodes.begin[id.0]));
        for (i, x) in x.iter().enumerate() {
            assert_eq!(nodes.node_of(id, *x), Some(first + i));
        }
        let points: Vec<Vec<f64>> = section
            .points()
            .iter()
            .map(|p| vec![p.x.into(), p.y.into(), p.z.into(), f64::from(p.diam).abs(), p.arc])
            .collect();
        let theirs_points = theirs["points"].as_array().unwrap();
        assert_eq!(points.len(), theirs_points.len(), "{}", what("points"));
        for (point, theirs) in points.iter().zip(theirs_points) {
            compare_bits(&what("point"), point, theirs);
        }
        let mut mechanisms: Vec<&str> = section.mechanisms().keys().map(String::as_str).collect();
        mechanisms.sort_unstable();
        let theirs_mechanisms: Vec<&str> =
            theirs["mechanisms"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(mechanisms, theirs_mechanisms, "{}", what("mechanisms"));
        for (name, theirs) in theirs["ranges"].as_object().unwrap() {
            let ours = range(&cell, id, name);
            compare_bits(&what(name), &by_x(&cell, id, &ours), theirs);
        }
        let distance: Vec<f64> = [0.0, 0.3, 1.0]
            .iter()
            .map(|&x| cell.path_distance((ids[0], 0.0), (id, x)).unwrap().unwrap_or(1e20))
            .collect();
        close(&what("distance"), &distance, &theirs["distance"]);
    }
    for (name, theirs) in expected["lists"].as_object().unwrap() {
        let ours: Vec<String> = cell.lists[name].iter().map(|&id| name_of(&cell, id)).collect();
        let theirs: Vec<&str> = theirs.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(ours, theirs, "{template} list {name}");
    }
}

/// A range variable's values, defaults filled in.
fn range(cell: &Cell, id: SectionId, name: &str) -> Vec<f64> {
    let section = cell.section(id);
    let unset = vec![None; section.nseg()];
    let (column, default) = match name {
        "ena" => (section.ions()["na"].reversal.clone(), 50.0),
        "ek" => (section.ions()["k"].reversal.clone(), -77.0),
        _ => {
            let (variable, mechanism) = name.split_once('_').unwrap();
            let column = section.mechanisms()[mechanism].values.get(variable).unwrap_or(&unset).clone();
            (column, catalogue().density[mechanism].range[variable].unwrap())
        }
    };
    column.into_iter().map(|value| value.unwrap_or(default)).collect()
}

#[test]
fn cells_are_those_of_neuron() {
    for expected in reference()["cells"].as_array().unwrap() {
        compare(expected);
    }
}

#[test]
fn statements_give_what_they_give_in_neuron() {
    let mut hoc = Hoc::new(catalogue());
    hoc.load_file(folder().join("language.hoc")).unwrap_or_else(|error| panic!("{error}"));
    let probe = "objref c\nc = new Language(7, \"text\")\nn = c.result.size()\ndouble r[n]\nfor i=0,n-1 r[i] = c.result.x[i]\nfor i=0,n-1 print r[i]\n";
    hoc.load_text("probe", probe).unwrap_or_else(|error| panic!("{error}"));
    let ours: Vec<f64> = hoc.log().lines().map(|line| line.trim().parse().unwrap()).collect();
    let theirs = numbers(&reference()["language"]);
    assert_eq!(ours.len(), theirs.len());
    for (i, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        // eight digits are printed
        assert!((a - b).abs() <= 1e-7 * b.abs(), "result {i}: {a} against {b}");
    }
    // a second run, as the argument of a new cell
    let cell = hoc.instantiate("Language", &[Argument::Number(7.0), Argument::Text("text".to_string())]).unwrap();
    assert_eq!(cell.sections().len(), 4);
}
