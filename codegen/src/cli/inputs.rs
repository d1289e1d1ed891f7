//! Finding and reading .mod files.

use anyhow::{Context, Result, bail};
use nmodl_parser::SourceFile;
use std::path::{Path, PathBuf};

/// Reads the files named, and the .mod files of the directories named, in order of their names.
pub fn read(paths: &[PathBuf]) -> Result<Vec<SourceFile>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let found = if path.is_dir() { mod_files(path)? } else { vec![path.clone()] };
        files.extend(found.into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>());
    }
    files.iter().map(|path| SourceFile::read(path).with_context(|| format!("cannot read {}", path.display()))).collect()
}

/// The .mod files of a directory, or of its `modfiles` as BMTK lays them out.
fn mod_files(directory: &Path) -> Result<Vec<PathBuf>> {
    for place in [directory.to_owned(), directory.join("modfiles")] {
        if !place.is_dir() {
            continue;
        }
        let entries = std::fs::read_dir(&place).with_context(|| format!("cannot list {}", place.display()))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| format!("cannot list {}", place.display()))?.path();
            if path.extension().is_some_and(|extension| extension == "mod") {
                files.push(path);
            }
        }
        if !files.is_empty() {
            files.sort();
            return Ok(files);
        }
    }
    bail!("no .mod files in {}", directory.display())
}

/// A source's name without directories, as mechanisms know it.
pub fn file_name(source: &SourceFile) -> String {
    let name = Path::new(&source.name).file_name();
    name.map_or_else(|| source.name.clone(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_give_their_mod_files_in_order() {
        let root = tempfile::tempdir().expect("a directory");
        let modfiles = root.path().join("modfiles");
        std::fs::create_dir(&modfiles).expect("a directory");
        for name in ["b.mod", "a.mod", "notes.txt"] {
            std::fs::write(modfiles.join(name), "").expect("a file");
        }
        let names = |paths: &[PathBuf]| -> Vec<String> { read(paths).expect("files").iter().map(file_name).collect() };
        assert_eq!(names(std::slice::from_ref(&modfiles)), ["a.mod", "b.mod"]);
        assert_eq!(names(&[root.path().to_owned()]), ["a.mod", "b.mod"]);
        assert_eq!(names(&[modfiles.join("b.mod"), modfiles]), ["b.mod", "a.mod"]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let root = tempfile::tempdir().expect("a directory");
        let error = read(&[root.path().to_owned()]).expect_err("no files");
        assert!(error.to_string().contains("no .mod files"), "{error}");
        let error = read(&[root.path().join("x.mod")]).expect_err("no file");
        assert!(error.to_string().contains("x.mod"), "{error}");
    }
}
