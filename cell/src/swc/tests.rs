use super::SwcRow;
use crate::Cell;

fn cell(text: &str) -> Cell {
    Cell::from_swc(text).unwrap()
}

/// A section's name, length, and connection (parent's name and position).
type Described = (String, f64, Option<(String, f64)>);

/// The sections of `all`.
fn described(cell: &Cell) -> Vec<Described> {
    let name = |id| cell.section(id).name().to_string();
    let one = |id| {
        let connection = cell.connection(id).map(|on| (name(on.parent), on.x));
        (name(id), cell.section(id).length(), connection)
    };
    cell.all().into_iter().map(one).collect()
}

fn on(name: &str, x: f64) -> Option<(String, f64)> {
    Some((name.to_owned(), x))
}

#[test]
fn rows_know_their_sections() {
    let text = "1 1 0 0 0 5 -1\n2 3 10 0 0 1 1\n3 3 40 0 0 1 2\n4 4 0 10 0 1 1\n7 4 0 30 0 1 4\n";
    let (cell, rows) = Cell::from_swc_with_rows(text).unwrap();
    let of = |row: &SwcRow| (row.id, cell.section(row.section.unwrap()).name().to_string());
    let found: Vec<(i64, String)> = rows.iter().map(of).collect();
    let expected = [(1, "soma[0]"), (2, "dend[0]"), (3, "dend[0]"), (4, "apic[0]"), (7, "apic[0]")];
    assert_eq!(found, expected.map(|(id, name)| (id, name.to_owned())));
}

#[test]
fn a_soma_of_one_point_is_a_cylinder_with_branches_at_its_middle() {
    let cell = cell("# a comment\n1 1 0 0 0 5 -1\n2 3 10 0 0 1 1\n3 3 40 0 0 1 2\n4 4 0 10 0 1 1\n5 4 0 30 0 1 4\n");
    let expected = [
        ("soma[0]".to_owned(), 10.0, None),
        ("dend[0]".to_owned(), 30.0, on("soma[0]", 0.5)),
        ("apic[0]".to_owned(), 20.0, on("soma[0]", 0.5)),
    ];
    assert_eq!(described(&cell), expected);
    assert_eq!(cell.section(cell.all()[0]).points().len(), 3);
}

#[test]
fn a_soma_of_three_points_in_the_notation_for_a_sphere_is_one_point() {
    let text = "1 1 0 0 0 5 -1\n2 1 0 5 0 5 1\n3 1 0 -5 0 5 1\n4 3 8 0 0 1 1\n5 3 28 0 0 1 4\n";
    let expected = [("soma[0]".to_owned(), 10.0, None), ("dend[0]".to_owned(), 20.0, on("soma[0]", 0.5))];
    assert_eq!(described(&cell(text)), expected);
}

#[test]
fn branches_of_a_long_soma_leave_from_where_they_are() {
    let text = "1 1 0 0 0 3 -1\n2 1 0 5 0 3 1\n3 1 0 10 0 3 2\n4 3 0 -10 0 1 1\n5 3 0 -20 0 1 4\n6 3 10 5 0 1 2\n7 3 20 5 0 1 6\n8 4 0 20 0 1 3\n";
    let expected = [
        ("soma[0]".to_owned(), 10.0, None),
        ("dend[0]".to_owned(), 20.0, on("soma[0]", 0.0)),
        // From an inner point the branch begins at its own first point.
        ("dend[1]".to_owned(), 10.0, on("soma[0]", 0.5)),
        ("apic[0]".to_owned(), 10.0, on("soma[0]", 1.0)),
    ];
    assert_eq!(described(&cell(text)), expected);
}

#[test]
fn sections_without_length_are_left_out() {
    let text = "1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n3 3 20 0 0 1 2\n4 3 20 0 0 1 3\n5 3 30 0 0 1 4\n6 3 20 9 0 1 4\n7 3 20 -9 0 1 3\n";
    let cell = cell(text);
    let expected = [
        ("soma[0]".to_owned(), 10.0, None),
        ("dend[0]".to_owned(), 11.0, on("soma[0]", 0.5)),
        ("dend[1]".to_owned(), 10.0, on("dend[0]", 1.0)),
        ("dend[2]".to_owned(), 9.0, on("dend[0]", 1.0)),
        ("dend[3]".to_owned(), 9.0, on("dend[0]", 1.0)),
    ];
    assert_eq!(described(&cell), expected);
}

#[test]
fn errors_name_lines() {
    let error = |text: &str| Cell::from_swc(text).unwrap_err().to_string();
    assert_eq!(error("# nothing\n"), "line 0: there are no points in the file");
    assert_eq!(error("1 1 0 0 5 -1"), "line 1: expected `id type x y z radius parent`, found `1 1 0 0 5 -1`");
    assert_eq!(error("1 1 0 0 0 nan -1").split(':').next(), Some("line 1"));
    assert_eq!(error("1 1 0 0 0 5 -1\n1 3 1 0 0 1 1"), "line 2: id 1 is also that of line 1");
    assert_eq!(error("1 1 0 0 0 5 -1\n2 3 1 0 0 1 7"), "line 2: there is no point with the id of its parent, 7");
    assert_eq!(
        error("1 1 0 0 0 5 -1\n2 3 1 0 0 1 3\n3 3 1 0 0 1 2"),
        "line 2: its parent 3 is not before it: the ids of parents must be smaller"
    );
    assert_eq!(
        error("1 1 0 0 0 5 -1\n2 3 1 0 0 1 -1"),
        "line 2: a second tree begins here (the first at line 1); a cell is one tree"
    );
    assert_eq!(error("1 1 0 0 0 -5 -1"), "line 1: the radius is -10 um; it must not be negative".replace("-10", "-5"));
}
