//! The repository's own mechanisms, as a corpus.

use conformance::corpus::{Plan, Status, report, run};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn plan(paths: &[&str], build: bool) -> Plan {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Plan {
        paths: paths.iter().map(|path| root.join(path)).collect(),
        worker: vec![env!("CARGO_BIN_EXE_corpus").to_owned(), "--worker".to_owned()],
        limit: Duration::from_secs(60),
        build,
        nocmodl: None,
    }
}

#[test]
fn the_repositorys_mechanisms_compile_for_both_back_ends() {
    let verdicts = run(&plan(&["mod", "tests/parity/mechanisms"], true)).expect("it runs");
    let table = report::table(&verdicts);
    let stock = verdicts.iter().filter(|verdict| verdict.path.components().any(|part| part.as_os_str() == "mod"));
    assert!(stock.clone().count() > 10 && stock.clone().all(|verdict| verdict.status == Status::Accepted), "{table}");
    for verdict in &verdicts {
        assert!(matches!(verdict.status, Status::Accepted | Status::Refused), "{table}");
        assert!(verdict.rust.is_none() && verdict.wgsl.is_none(), "{table}");
    }
}

#[test]
fn a_process_that_dies_or_hangs_is_an_answer() {
    let folder = tempfile::tempdir().expect("a directory");
    std::fs::write(folder.path().join("a.mod"), "NEURON { SUFFIX a }").expect("a file");
    let mut plan = Plan { paths: vec![PathBuf::from(folder.path())], ..plan(&[], false) };
    plan.worker = vec!["false".to_owned()];
    assert_eq!(run(&plan).expect("it runs")[0].status, Status::Crashed);
    plan.worker = vec!["sleep".to_owned(), "600".to_owned()];
    plan.limit = Duration::from_millis(50);
    assert_eq!(run(&plan).expect("it runs")[0].status, Status::TimedOut);
}
