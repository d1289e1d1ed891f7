//! Templates in the styles met in practice, and what becomes of their parts.

use cell::{
    Catalogue, Cell, CellError, Section, SectionId, SectionName,
    hoc::{Argument, Hoc},
};

fn catalogue() -> Catalogue {
    Catalogue::new()
        .with_density("pas", &["g", "e"], &[])
        .with_density("na", &["gbar", "m"], &["na"])
        .with_density("cad", &["depth"], &["ca"])
        .with_point_process("ExpSyn", &["tau", "e"])
}

fn build(text: &str, name: &str, arguments: &[Argument]) -> Cell {
    let mut hoc = Hoc::new(catalogue());
    hoc.load_text("t.hoc", text).unwrap_or_else(|error| panic!("{error}"));
    hoc.instantiate(name, arguments).unwrap_or_else(|error| panic!("{error}"))
}

/// As cell builders export cells for networks: declarations between procedures, points first and `L` and `diam` later,
/// synapses of its own, a NetCon only in a procedure that nobody calls.
const NETWORK_READY: &str = r#"
begintemplate Ready
public is_art
public init, topol, basic_shape, subsets, geom, biophys, geom_nseg, biophys_inhomo
public synlist, x, y, z, position, connect2target

public soma, dend
public all

objref synlist

proc init() {
  topol()
  subsets()
  geom()
  biophys()
  geom_nseg()
  synlist = new List()
  synapses()
  x = y = z = 0 // only change via position
}

create soma, dend[2]

proc topol() { local i
  connect dend(0), soma(1)
  for i = 1, 1 connect dend[i](0), dend[i-1](1)
  basic_shape()
}
proc basic_shape() {
  soma {pt3dclear() pt3dadd(0, 0, 0, 1) pt3dadd(15, 0, 0, 1)}
  dend {pt3dclear() pt3dadd(15, 0, 0, 1) pt3dadd(75, 0, 0, 1)}
  dend[1] {pt3dclear() pt3dadd(75, 0, 0, 1) pt3dadd(105, 0, 0, 1)}
}

objref all
proc subsets() { local i
  objref all
  all = new SectionList()
    soma all.append()
    for i=0, 1 dend[i] all.append()

}
proc geom() {
  forsec all {  }
   soma.L = 20
  soma { diam = 12 }
   dend.L = 300
   dend.diam = 1
}
external lambda_f
proc geom_nseg() {
  forsec all { nseg = int((L/(0.1*lambda_f(100))+.9)/2)*2 + 1  }
}
proc biophys() {
  forsec all {
    Ra = 100
    cm = 1
    insert pas
      g_pas = 0.001
      e_pas = -65
  }
  soma insert na
}
proc biophys_inhomo(){}
proc position() { local i
  soma for i = 0, n3d()-1 {
    pt3dchange(i, $1-x+x3d(i), $2-y+y3d(i), $3-z+z3d(i), diam3d(i))
  }
  x = $1  y = $2  z = $3
}
obfunc connect2target() { localobj nc //$o1 target point process, optional $o2 returned NetCon
  soma nc = new NetCon(&v(1), $o1)
  nc.threshold = 10
  if (numarg() == 2) { $o2 = nc } // for backward compatibility
  return nc
}
objref syn_
proc synapses() {
  /* E0 */   dend[1] syn_ = new ExpSyn(0.8)  synlist.append(syn_)
    syn_.tau = 2
  /* I1 */   soma syn_ = new ExpSyn(0.1)  synlist.append(syn_)
    syn_.e = -80
    syn_.e += 5
}
func is_art() { return 0 }

endtemplate Ready
"#;

#[test]
fn a_network_ready_cell() {
    let cell = build(NETWORK_READY, "Ready", &[]);
    let names: Vec<String> = cell.sections().iter().map(|section| section.name().to_string()).collect();
    assert_eq!(names, ["soma", "dend[0]", "dend[1]"]);
    assert_eq!(cell.all(), [SectionId(0), SectionId(1), SectionId(2)]);
    assert_eq!(cell.arrays["dend"], [SectionId(1), SectionId(2)]);
    assert_eq!(cell.sections()[1].points()[1].x, 315.0);
    assert!((cell.sections()[1].length() - 300.0).abs() < 1e-9);
    assert_eq!(cell.sections().iter().map(Section::nseg).collect::<Vec<_>>(), [1, 11, 1]);
    let points: Vec<(usize, f64)> = cell.point_processes.iter().map(|point| (point.section.0, point.x)).collect();
    assert_eq!(points, [(2, 0.8), (0, 0.1)]);
    assert_eq!(cell.point_processes[0].values["tau"], 2.0);
    assert_eq!(cell.point_processes[1].values["e"], -75.0);
}

#[test]
fn values_never_set_stay_unset() {
    let text = "begintemplate C\npublic s\ncreate s\nproc init() { s { nseg = 3 insert na insert cad gbar_na(0.5) = .1 cao = 3 insert pas e_pas = -60 uninsert pas } }\nendtemplate C\n";
    let cell = build(text, "C", &[]);
    let section = &cell.sections()[0];
    assert_eq!(section.mechanisms().keys().collect::<Vec<_>>(), ["na", "cad"]);
    assert_eq!(section.mechanisms()["na"].values["gbar"], [None, Some(0.1), None]);
    assert!(!section.mechanisms()["na"].values.contains_key("m"));
    assert!(section.mechanisms()["cad"].values.is_empty());
    assert_eq!(section.ions().keys().collect::<Vec<_>>(), ["na", "ca"]);
    assert_eq!(section.ions()["ca"].outside, [Some(3.0); 3]);
    assert_eq!(section.ions()["ca"].inside, [None; 3]);
    assert_eq!(section.ra(), 35.4);
    assert_eq!(section.cm(), [1.0; 3]);
}

#[test]
fn the_top_level_is_a_cell_too() {
    let mut hoc = Hoc::new(catalogue());
    hoc.load_text(
        "simple.hoc",
        "create soma, dend[2]\naccess soma\nobjref all\nall = new SectionList()\nforall all.append()\n\
         for i=0,1 connect dend[i](0), i\nL = 20 celsius = 34 nai0_na_ion = 12\nprint \"L \", L, all\nprintf(\"%d sections\\n\", 3)\n",
    )
    .unwrap();
    let cell = hoc.top_level();
    assert_eq!(cell.all().len(), 3);
    assert_eq!(cell.connection(SectionId(2)).unwrap().x, 1.0);
    assert_eq!(cell.sections()[0].length(), 20.0);
    assert_eq!(hoc.settings()["celsius"], 34.0);
    assert_eq!(hoc.settings()["nai0_na_ion"], 12.0);
    assert_eq!(hoc.take_log(), "L 20 SectionList[0] \n3 sections\n");
}

#[test]
fn instances_share_nothing_but_the_top_level() {
    let mut hoc = Hoc::new(catalogue());
    let text = "made = 0\nbegintemplate C\nexternal made\npublic s, number\ncreate s\nproc init() { made += 1 number = made s { L = 10 * made + $1 } }\nendtemplate C\n";
    hoc.load_text("t.hoc", text).unwrap();
    let lengths: Vec<f64> = (1..=3)
        .map(|i| hoc.instantiate("C", &[Argument::Number(f64::from(i) / 10.0)]).unwrap().sections()[0].length())
        .collect();
    assert_eq!(lengths, [10.1, 20.2, 30.3]);
    assert_eq!(hoc.variable("made"), Some(3.0));
    assert_eq!(hoc.template_names(), ["C"]);
}

#[test]
fn objects_inside_a_cell_keep_their_names() {
    let text = "begintemplate Part\npublic s\ncreate s\nendtemplate Part\nbegintemplate Whole\npublic trunk, parts\ncreate trunk\nobjref parts[2]\nproc init() { local i\nfor i=0,1 { parts[i] = new Part() connect parts[i].s(0), trunk(1) } }\nendtemplate Whole\n";
    let cell = build(text, "Whole", &[]);
    let names: Vec<String> = cell.sections().iter().map(|section| section.name().to_string()).collect();
    assert_eq!(names, ["trunk", "Part[0].s", "Part[1].s"]);
    // the one connected last comes first
    assert_eq!(cell.children(SectionId(0)), [SectionId(2), SectionId(1)]);
}

#[test]
fn ion_styles_and_execute() {
    let text = "begintemplate C\npublic s, n\ncreate s\nstrdef command\nobjref this\nproc init() { s { insert na ion_style(\"na_ion\", 1, 2, 0, 0, 1) }\nsprint(command, \"n = %d\", 7)\nexecute(command, this)\ns { L = n } }\nendtemplate C\n";
    let cell = build(text, "C", &[]);
    assert_eq!(cell.sections()[0].ions()["na"].style, Some([1, 2, 0, 0, 1]));
    assert_eq!(cell.sections()[0].length(), 7.0);
}

#[test]
fn cells_built_by_hand() {
    let mut cell = Cell::new();
    let soma = cell.add_section(SectionName::scalar("soma"));
    let dend: Vec<SectionId> = (0..3).map(|i| cell.add_section(SectionName::element("dend", i))).collect();
    for (i, &id) in dend.iter().enumerate() {
        cell.connect(id, 0.0, soma, 0.25 * i as f64).unwrap();
        cell.section_mut(id).set_nseg(3).unwrap();
    }
    cell.lists.insert("all".to_string(), vec![soma, dend[2], dend[0], dend[1]]);
    assert_eq!(
        cell.connect(soma, 0.0, dend[1], 1.0).unwrap_err().to_string(),
        "connecting section soma to dend[1] would form a loop"
    );
    assert!(matches!(cell.connect(dend[0], 0.5, soma, 1.0), Err(CellError::ConnectEnd { .. })));
    cell.section_mut(dend[1]).set_diam(|_, _| 0.0);
    assert_eq!(
        cell.compartments().unwrap_err().to_string(),
        "diameter of section dend[1], segment 0, is 0 um; it must be positive"
    );
    cell.retain(|id| id != dend[1]);
    assert_eq!(cell.sections().len(), 3);
    assert_eq!(cell.all(), [SectionId(0), SectionId(2), SectionId(1)]);
    let nodes = cell.compartments().unwrap();
    assert_eq!(nodes.len(), 1 + 2 + 4 + 4);
    assert_eq!(nodes.roots, 1);
    assert_eq!(nodes.node_of(SectionId(1), 0.0), Some(0));
    // connected at 0.5: begins at the soma's only segment
    assert_eq!(nodes.node_of(SectionId(2), 0.0), Some(1));
    assert_eq!(nodes.parent[nodes.first[2]], 1);
    assert_eq!(nodes.node_of(SectionId(2), 1.5), None);
    assert!((1..nodes.len()).all(|node| nodes.parent[node] < node));
}

#[test]
fn nseg_from_dl_is_odd_and_values_stay_where_they_are() {
    let mut section = Section::new(SectionName::scalar("s"));
    section.set_length(1000.0);
    section.set_nseg_from_dl(20.0).unwrap();
    assert_eq!(section.nseg(), 51);
    section.set_nseg(4).unwrap();
    for (i, cm) in section.cm_mut().iter_mut().enumerate() {
        *cm = i as f64;
    }
    section.set_nseg(3).unwrap();
    assert_eq!(section.cm(), [0.0, 2.0, 3.0]);
    section.set_nseg(8).unwrap();
    assert_eq!(section.cm(), [0.0, 0.0, 0.0, 2.0, 2.0, 3.0, 3.0, 3.0]);
    assert!(section.set_nseg(0).is_err());
    assert!(section.set_nseg(40_000).is_err());
    assert!(section.set_nseg_from_dl(0.0).is_err());
}

/// As the models of the Blue Brain Project do: the morphology's sections take the place of the declared ones.
const IMPORTING: &str = r#"
begintemplate Importing
public init, soma, dend, apic, axon, all, somatic, basal, apical, axonal, last
create soma[1], dend[1], apic[1], axon[1]
objref this, all, somatic, basal, apical, axonal
strdef last

proc init() { localobj reader, importer
  all = new SectionList()
  somatic = new SectionList()
  basal = new SectionList()
  apical = new SectionList()
  axonal = new SectionList()
  forall delete_section()
  reader = new Import3d_SWC_read()
  reader.quiet = 1
  reader.input($s1)
  importer = new Import3d_GUI(reader, 0)
  importer.instantiate(this)
  forsec this.all { nseg = 1 + 2*int(L/40) }
  forsec basal last = secname()
  forsec axonal { delete_section() }
  create axon[2]
  for i = 0, 1 { access axon[i] L = 30 diam = 1 all.append() axonal.append() }
  connect axon[0](0), soma(0.5)
  connect axon[1](0), axon[0](1)
}
endtemplate Importing
"#;

#[test]
fn templates_read_morphologies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cell.swc");
    let swc = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 60 0 0 1 2\n4 3 -5 0 0 1 1\n5 3 -30 0 0 1 4\n6 2 0 -5 0 1 1\n7 2 0 -30 0 1 6\n";
    std::fs::write(&path, swc).unwrap();
    let argument = Argument::Text(path.display().to_string());
    let cell = build(IMPORTING, "Importing", &[argument]);
    let names = |list: &str| cell.lists[list].iter().map(|&id| cell.section(id).name().to_string()).collect::<Vec<_>>();
    assert_eq!(names("all"), ["soma[0]", "dend[0]", "dend[1]", "axon[0]", "axon[1]"]);
    assert_eq!((names("axonal").len(), names("basal").len(), names("apical").len()), (2, 2, 0));
    let alone = Cell::from_swc(swc).unwrap();
    for name in ["soma", "dend"] {
        for (&ours, &theirs) in cell.arrays[name].iter().zip(&alone.arrays[name]) {
            assert_eq!(cell.section(ours).points(), alone.section(theirs).points());
        }
    }
    assert_eq!(cell.section(cell.arrays["dend"][0]).nseg(), 3);
    assert_eq!(cell.connection(cell.arrays["dend"][1]).unwrap().x, 0.5);
    let mut hoc = Hoc::new(catalogue());
    hoc.load_text("t.hoc", IMPORTING).unwrap();
    let error = hoc.instantiate("Importing", &[Argument::Text("none.swc".into())]).unwrap_err();
    assert!(error.to_string().contains("no such file beside the file that reads it"), "{error}");
}

#[test]
fn names_of_mechanisms_that_the_model_does_not_know_are_free() {
    let mut catalogue = catalogue().with_density("leak", &["gbar"], &["leak"]);
    catalogue.density["leak"].unasked = true;
    let build = |body: &str| {
        let mut hoc = Hoc::new(catalogue.clone());
        let text = format!("begintemplate T\ncreate soma\nproc init() {{ {body} }}\nendtemplate T\n");
        hoc.load_text("t.hoc", &text).unwrap();
        hoc.instantiate("T", &[]).unwrap()
    };
    let cell = build("eleak = -67  soma { insert pas  e_pas = eleak }");
    assert_eq!(cell.sections()[0].mechanisms()["pas"].values["e"], [Some(-67.0)]);
    let cell = build("soma { insert leak  eleak = -50 }");
    assert_eq!(cell.sections()[0].ions()["leak"].reversal, [Some(-50.0)]);
}

/// A call at the end of a template acts on no cell, as in NEURON: each instance is made by its own `init`.
#[test]
fn a_template_may_call_its_own_procedures() {
    let text = "begintemplate Stylised
        public soma, dend
        create soma[1], dend[1]
        proc init() { connect dend[0](0), soma[0](1)  soma[0] { L = 20 }  dend[0] { L = 200 } }
        init()
        endtemplate Stylised
        ";
    let cell = build(text, "Stylised", &[]);
    let lengths: Vec<f64> = cell.ids().map(|id| cell.section(id).length()).collect();
    assert_eq!(lengths, [20.0, 200.0]);
}
