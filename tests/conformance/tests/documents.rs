//! Diagnostics as users see them, and the documents made from them.

use conformance::{documents, mistakes};

#[test]
fn documents_are_up_to_date() {
    for document in documents::all().expect("its sources") {
        let found = std::fs::read_to_string(&document.path).unwrap_or_default();
        let name = document.path.file_name().unwrap_or_default().to_string_lossy();
        assert!(found == document.text, "{name} is out of date; run `cargo run -p conformance --bin documents`");
    }
}

#[test]
fn usual_mistakes_are_explained() {
    let mistakes = mistakes::all().expect("the files");
    assert!(mistakes.len() >= 20);
    for mistake in mistakes {
        let name = mistake.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(!mistake.said.is_empty(), "{name}: nothing is said");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(mistakes::folder().join("snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, mistake.said));
    }
}
