//! What is said of files that cannot be executed: what is wrong, the file, the line, the place on it.

use std::path::Path;

use cell::{
    Catalogue,
    hoc::{Argument, Hoc, HocErrorKind, Limits},
};

fn catalogue() -> Catalogue {
    Catalogue::new().with_density("na", &["gbar"], &["na"]).with_density("kdr", &["gbar"], &["k"]).with_density(
        "leak",
        &["gbar", "eleak"],
        &["leak"],
    )
}

/// A template `T` whose `init()` is `body`.
fn template(body: &str) -> String {
    format!(
        "begintemplate T\npublic soma, dend, all\ncreate soma, dend[3]\nobjref all, o, list\nstrdef s\nproc init() {{ local i\n{body}\n}}\nfunc inner() {{ return missing }}\nendtemplate T\n"
    )
}

/// The message of loading a template with this body and making one of it.
fn message(body: &str) -> String {
    let mut hoc = Hoc::new(catalogue());
    let made = hoc.load_text("t.hoc", &template(body)).and_then(|()| hoc.instantiate("T", &[]));
    match made {
        Ok(_) => panic!("no error in {body}"),
        Err(error) => error.to_string(),
    }
}

/// The message's first line, without the file and line that all of these share.
#[track_caller]
fn check(body: &str, expected: &str) {
    let message = message(body);
    let first = message.lines().next().unwrap().to_string();
    assert!(first.starts_with("t.hoc:"), "{message}");
    let text = first.splitn(4, ':').nth(3).unwrap().trim();
    assert_eq!(text, expected, "\n{message}");
}

#[test]
fn a_message_shows_the_place() {
    let message = message("  soma {\n\tinsert na\n\tinsert kdx  // typo\n  }");
    assert_eq!(
        message,
        "t.hoc:9:2: there is no density mechanism kdx for section T[0].soma; did you mean kdr?\n\
         9 | \tinsert kdx  // typo\n  | \t^^^^^^^^^^"
    );
}

#[test]
fn calls_are_traced() {
    let message = message("i = inner()");
    assert_eq!(
        message,
        "t.hoc:9:23: missing is not defined\n\
         9 | func inner() { return missing }\n  |                       ^^^^^^^\n  in inner(), called at t.hoc:7:5"
    );
}

#[test]
fn syntax_errors_name_what_could_stand_there() {
    check("soma { L = }", "syntax error at `}`: expected an expression");
    check("for (i = 0; i < 3 { }", "syntax error at `{`: expected an assignment or an operator or punctuation");
    check("forall { insert }", "syntax error at `}`: expected a name");
    let mut hoc = Hoc::new(catalogue());
    let error = hoc.load_text("t.hoc", "proc f() {\n  x = (1 + 2\n}\n").unwrap_err();
    assert_eq!(error.place.as_ref().unwrap().line, 2);
    assert!(matches!(*error.kind, HocErrorKind::Syntax { .. }));
}

#[test]
fn mechanisms_and_their_variables() {
    check("soma gbar_na = 0.1", "na mechanism not inserted in section T[0].soma, so there is no gbar_na");
    check("soma ek = -80", "k_ion mechanism not inserted in section T[0].soma, so there is no ek");
    check(
        "soma { insert na  x = gbar_na }",
        "gbar_na was not set in section T[0].soma and its default is not known here",
    );
    check("soma insert soma", "there is no density mechanism soma for section T[0].soma; known are na, kdr, leak");
    check("soma { uninsert hh }", "there is no density mechanism hh for section T[0].soma; known are na, kdr, leak");
}

#[test]
fn names_and_values() {
    check("i = lenght + 1", "lenght is not defined");
    check("i = naii + dam", "naii is not defined; did you mean nai?");
    check("soma.gbar_nax = 3", "section T[0].soma has no public member gbar_nax; did you mean gbar_na?");
    check("dend[3] { L = 1 }", "subscript 3 of dend is out of range 0 to 2");
    check("dend[0][1] { L = 1 }", "dend has 1 subscripts, not 2");
    check("o.append()", "o is NULLobject; nothing was assigned to it yet");
    check("all = new SectionList()  all.apend()", "SectionList has no public member apend; did you mean append?");
    check("i = 1/0", "division by zero");
    check("i = sqrt(-1)", "sqrt: -1 is not in its domain");
    check("i = s + 1", "an operand is a string, but a number is needed");
    check("s = 3", "what is assigned to s is a number, but a string is needed");
    check("i = $1", "init was called with 0 arguments, there is no argument 1");
    check("i = sqroot(2)", "sqroot() is not defined; did you mean sqrt?");
    check("forsec o { }", "o is an object, but a SectionList or a string is needed");
    check("forsec \"de(nd\" { }", "T[0].*de(nd.* is not a regular expression: error: unclosed group");
}

#[test]
fn sections() {
    check("connect dend[0](0.5), soma(1)", "section dend[0] must be connected by its end 0 or 1, not 0.5");
    check("connect dend[0](0), soma(2)", "position 2 on section soma is outside 0 to 1");
    check(
        "connect dend[0](0), soma(1)\nconnect soma(0), dend[0](1)",
        "connecting section soma to dend[0] would form a loop",
    );
    check("soma nseg = 0", "nseg of T[0].soma: 0 is not a whole number from 1 to 32767");
    check("soma L = -3", "L of T[0].soma: -3 is not a length above 0 um");
    check("soma diam(2) = 3", "position 2 on section soma is outside 0 to 1");
    check("o { L = 3 }", "o is not a section");
    check("soma { delete_section() L = 3 } soma L = 3", "the section was deleted");
    check("soma i = x3d(2)", "section soma has 0 3-d points, there is none with index 2");
    let mut hoc = Hoc::new(catalogue());
    let error = hoc.load_text("t.hoc", "L = 3\n").unwrap_err();
    assert_eq!(*error.kind, HocErrorKind::NoSection);
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    check(
        "o = new Graph()",
        "new Graph() is not supported here; it belongs to running or showing a simulation, not to the description of a cell",
    );
    check(
        "o = new Import3d_MorphML()",
        "new Import3d_MorphML() is not supported here; SWC files and Neurolucida's text files (version 3) can be read",
    );
    check(
        "finitialize(-65)",
        "finitialize() is not supported here; it belongs to running or showing a simulation, not to the description of a cell",
    );
    check(
        "create other",
        "the first `create other` inside a procedure of a template is not supported here; declare it with `create` at the beginning of the template",
    );
    check("o = new Lst()", "there is no template Lst; did you mean List?");
}

#[test]
fn limits_end_what_would_not_end() {
    let limits = Limits { statements: 10_000, call_depth: 50, elements: 1_000_000 };
    let run = |text: &str| {
        let mut hoc = Hoc::new(catalogue());
        hoc.set_limits(limits);
        *hoc.load_text("t.hoc", text).unwrap_err().kind
    };
    let limit = |kind: HocErrorKind| match kind {
        HocErrorKind::Limit { limit, .. } => limit,
        other => panic!("{other}"),
    };
    assert_eq!(limit(run("while (1) { x = 1 }\n")), "statements");
    assert_eq!(limit(run("func f() { return f($1+1) }\nx = f(1)\n")), "call_depth");
    assert_eq!(limit(run("create s[2000000]\n")), "elements");
    assert_eq!(limit(run("objref v\nv = new Vector(1e12)\n")), "elements");
    assert_eq!(limit(run("strdef s\ns = \"ab\"\nwhile (1) sprint(s, \"%s%s\", s, s)\n")), "elements");
    assert!(matches!(run(&format!("x = {}1{}\n", "(".repeat(5000), ")".repeat(5000))), HocErrorKind::TooDeep { .. }));
    assert!(matches!(run(&"if (1) ".repeat(2000)), HocErrorKind::TooDeep { .. } | HocErrorKind::Syntax { .. }));
    assert!(matches!(run(&format!("x = 1{}\n", "^2".repeat(4000))), HocErrorKind::TooDeep { .. }));
    assert!(matches!(run(&format!("x = 1{}\n", "+2".repeat(4000))), HocErrorKind::TooDeep { .. }));
}

#[test]
fn deep_recursion_is_bounded_by_the_limit_alone() {
    let mut hoc = Hoc::new(catalogue());
    hoc.load_text(
        "t.hoc",
        "func sum() { if ($1 <= 0) { return 0 } else { return ((((($1 + sum($1 - 1)))))) } }\nx = sum(250)\n",
    )
    .unwrap();
    assert_eq!(hoc.variable("x"), Some(250.0 * 251.0 / 2.0));
}

#[test]
fn files_load_files_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("lib")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "main.hoc",
        "load_file(\"nrngui.hoc\")\n{load_file(\"lib/parts.hoc\")}\nload_file(\"lib/parts.hoc\")\ny = x\n",
    );
    write("lib/parts.hoc", "load_file(\"more.hoc\")\nx += 1\n");
    write("lib/more.hoc", "x = 10\n");
    write("broken.hoc", "load_file(\"lib/none.hoc\")\n");
    let mut hoc = Hoc::new(catalogue());
    hoc.load_file(folder.path().join("main.hoc")).unwrap();
    assert_eq!(hoc.variable("y"), Some(11.0));
    let error = hoc.load_file(folder.path().join("broken.hoc")).unwrap_err();
    assert_eq!(error.place.as_ref().map(|place| place.line), Some(1));
    assert!(matches!(&*error.kind, HocErrorKind::File { path, .. } if path == Path::new("lib/none.hoc")));
    let error = hoc.load_file(folder.path().join("absent.hoc")).unwrap_err();
    assert!(error.to_string().contains("absent.hoc"), "{error}");
}

#[test]
fn an_interpreter_survives_errors() {
    let mut hoc = Hoc::new(catalogue());
    hoc.load_text("t.hoc", &template("soma { L = $1  if ($1 > 5) { forall { nseg = 0 } } }")).unwrap();
    assert!(hoc.instantiate("T", &[Argument::Number(6.0)]).is_err());
    assert!(hoc.instantiate("T", &[Argument::Text("6".to_string())]).is_err());
    let error = hoc.instantiate("Tt", &[]).unwrap_err();
    assert_eq!(error.to_string(), "there is no template Tt; did you mean T?");
    let cell = hoc.instantiate("T", &[Argument::Number(4.0)]).unwrap();
    assert_eq!(cell.sections()[0].length(), 4.0);
}

/// Cuts, doubles and swaps pieces of a good file: nothing of it may panic or hang.
#[test]
fn no_text_makes_it_panic() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/language.hoc")).unwrap();
    let text: String = text.chars().filter(char::is_ascii).collect();
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % below.max(1)
    };
    for _ in 0..150 {
        let mut text = text.clone();
        for _ in 0..1 + random(4) {
            let (from, to) = (random(text.len()), random(text.len()));
            let length = 1 + random(30);
            let piece: String = text[from..(from + length).min(text.len())].to_string();
            match random(3) {
                0 => text.replace_range(from..(from + length).min(text.len()), ""),
                1 => text.insert_str(to, &piece),
                _ => text.replace_range(to..(to + piece.len()).min(text.len()), &piece),
            }
        }
        let mut hoc = Hoc::new(catalogue());
        hoc.set_limits(Limits { statements: 20_000, call_depth: 40, elements: 100_000 });
        if hoc.load_text("mutant.hoc", &text).is_ok() {
            let _ = hoc.instantiate("Language", &[Argument::Number(7.0), Argument::Text("text".to_string())]);
        }
    }
}
