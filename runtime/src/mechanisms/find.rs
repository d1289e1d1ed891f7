//! Finding the `.mod` files of a model.

use crate::problem::{Collector, Problem, Problems};
use std::path::{Path, PathBuf};

/// Where a mechanism comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Part of this program.
    Stock,
    /// A file of the model.
    File(PathBuf),
}

/// The `.mod` files of some folders, sorted by file name, which is the order in which NEURON's
/// `nrnivmodl` takes them. Those of a folder lie in it or, where it has none, in its subfolder
/// `modfiles`.
///
/// # Errors
/// Folders that do not exist or cannot be read, and two files of the same name.
pub fn mod_files(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Problems> {
    let mut collector = Collector::default();
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in folders {
        for file in collector.keep(in_folder(folder)).unwrap_or_default() {
            match files.iter().find(|known| known.file_name() == file.file_name()) {
                Some(known) if same_text(known, &file) => {}
                Some(known) => collector.push(
                    Problem::model(format!("there are two different files {}", file_name(&file)))
                        .in_file(&file)
                        .note(format!("the other is {}", known.display()))
                        .help("keep one of them, or name one folder with --mechanisms"),
                ),
                None => files.push(file),
            }
        }
    }
    files.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    collector.finish(files)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    if !folder.is_dir() {
        return Err(Problem::model("the folder of mechanisms does not exist")
            .in_file(folder)
            .help("correct components.mechanisms_dir, or name the folder with --mechanisms"));
    }
    let direct = list(folder)?;
    if !direct.is_empty() {
        return Ok(direct);
    }
    let below = folder.join("modfiles");
    let files = if below.is_dir() { list(&below)? } else { Vec::new() };
    if files.is_empty() && folder.join("manifest.json").is_file() {
        return Err(Problem::model("this folder holds compiled mechanisms, not .mod files")
            .in_file(folder)
            .help("name the folder of the .mod files; they are compiled, and kept, as needed"));
    }
    if files.is_empty() {
        tracing::warn!(place = %folder.display(), "there are no .mod files in the folder of mechanisms, nor in modfiles/ below it");
    }
    Ok(files)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |error| Problem::io("read the folder", folder, &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "mod") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn same_text(a: &Path, b: &Path) -> bool {
    matches!((std::fs::read(a), std::fs::read(b)), (Ok(a), Ok(b)) if a == b)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The name that a `.mod` file declares, read without parsing it: also files that cannot be compiled
/// have one. A file without SUFFIX is named like its file, as in NEURON.
pub fn declared_name(text: &str, file_stem: &str) -> String {
    let mut words = text
        .split("COMMENT")
        .enumerate()
        // "COMMENT ... ENDCOMMENT" splits into: code, comment ending in "END", code, ...
        .filter(|(index, _)| index % 2 == 0)
        .flat_map(|(_, code)| code.lines())
        .filter_map(|line| line.split([':', '?']).next())
        .flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        if matches!(word, "SUFFIX" | "POINT_PROCESS" | "ARTIFICIAL_CELL") {
            return words.next().unwrap_or(file_stem).to_owned();
        }
    }
    file_stem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_in_the_folder_or_in_modfiles_below_it() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("modfiles");
        std::fs::create_dir(&below).unwrap();
        for name in ["kdr.mod", "Ca.mod", "notes.txt"] {
            std::fs::write(below.join(name), "").unwrap();
        }
        let found = mod_files(&[folder.path().to_owned()]).unwrap();
        assert_eq!(found, [below.join("Ca.mod"), below.join("kdr.mod")]);
    }

    #[test]
    fn a_missing_folder_and_a_conflict_are_told() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(a.path().join("na.mod"), "1").unwrap();
        std::fs::write(b.path().join("na.mod"), "2").unwrap();
        let folders = [a.path().to_owned(), b.path().to_owned(), PathBuf::from("/nowhere")];
        let problems = mod_files(&folders).unwrap_err();
        assert_eq!(problems.0.len(), 2);
        assert!(problems.to_string().contains("two different files na.mod"), "{problems}");
        assert_eq!(problems.exit_status(), 1);
    }

    #[test]
    fn a_folder_of_modgen_is_recognised() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("manifest.json"), "{}").unwrap();
        let problems = mod_files(&[folder.path().to_owned()]).unwrap_err();
        assert!(problems.to_string().contains("compiled mechanisms"), "{problems}");
    }

    #[test]
    fn the_name_is_read_around_comments() {
        let text = "TITLE x\nCOMMENT\nSUFFIX no\nENDCOMMENT\n: SUFFIX no\nNEURON { POINT_PROCESS inhsyn RANGE g }";
        assert_eq!(declared_name(text, "file"), "inhsyn");
        assert_eq!(declared_name("NEURON { }", "file"), "file");
    }
}
