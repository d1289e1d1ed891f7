use crate::Cell;

const CELL: &str = r#"
; a contour, two dendrites and an axon
("CellBody" (Color Red) (CellBody)
  (0 -5 0 0) (4 -4 0 0) (6 0 0 0) (4 4 0 0) (0 5 0 0) (-4 4 0 0) (-6 0 0 0) (-4 -4 0 0) ) ; end
( (Color Blue) (Dendrite)
  (6 0 0 2.0) (20 0 0 2.0) <(1 2 3)>
  (Spine (1 2 3 4))
  (
    (20 10 0 1.0) (20 30 0 1.0)
    Normal
  |
    (30 0 0 1.0) ; one point, which goes on from the parent's last
    Incomplete
  ) ; end of split
)
((Axon) (0, -50, 0, 0.5) (0, -90, 0, 0.5))
((Color White) (1 1 0 0) "a word in the picture")
(Thumbnail (Rows 2))
"#;

#[test]
fn contours_and_trees_become_sections() {
    let cell = Cell::from_asc(CELL).unwrap();
    let names: Vec<String> = cell.sections().iter().map(|section| section.name().to_string()).collect();
    assert_eq!(names, ["soma[0]", "axon[0]", "dend[0]", "dend[1]", "dend[2]"]);
    let id = |index: usize| cell.ids().nth(index).unwrap();
    let parent = |index| cell.connection(id(index)).map(|at| (at.parent.0, at.x));
    assert_eq!([1, 2, 3, 4].map(parent), [Some((0, 0.5)), Some((0, 0.5)), Some((2, 1.0)), Some((2, 1.0))]);
    let points = |index: usize| cell.sections()[index].points().iter().map(|p| (p.x, p.y, p.diam)).collect::<Vec<_>>();
    assert_eq!(points(0).len(), 21);
    assert_eq!(points(2), [(6.0, 0.0, 2.0), (20.0, 0.0, 2.0)]);
    assert_eq!(points(3), [(20.0, 0.0, 1.0), (20.0, 10.0, 1.0), (20.0, 30.0, 1.0)]);
    assert_eq!(points(4), [(20.0, 0.0, 1.0), (30.0, 0.0, 1.0)]);
    assert_eq!(cell.lists["basal"].len(), 3);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let says = |text: &str| Cell::from_asc(text).unwrap_err().to_string();
    assert!(says("").contains("neither branches nor a contour"));
    assert_eq!(
        says("(\n(Dendrite) (1 2 3 4)\n"),
        "line 2: expected `)` at the end of a tree, found the end of the file"
    );
    assert_eq!(says("( (1 x) )"), "line 1: expected a coordinate, found `x`");
    assert_eq!(says("\n(\"Soma"), "line 2: the closing quotation mark is missing");
    assert_eq!(says("1 1 0 0 0 5 -1"), "line 1: expected `(`, found the number 1");
}
