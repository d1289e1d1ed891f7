//! The `.mod` files of folders, each content once.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A file, and how many have the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The first of them by path.
    pub path: PathBuf,
    /// Their number.
    pub copies: usize,
}

/// Finds the `.mod` files below `paths`, in order. Hidden folders and links to folders are left out.
///
/// # Errors
/// When a path cannot be read.
pub fn collect(paths: &[PathBuf]) -> Result<Vec<Found>> {
    let mut files = Vec::new();
    for path in paths {
        walk(path, &mut files)?;
    }
    files.sort();
    files.dedup();
    let mut by_content: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut found: Vec<Found> = Vec::new();
    for path in files {
        let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let at = *by_content.entry(text).or_insert_with(|| {
            found.push(Found { path: path.clone(), copies: 0 });
            found.len() - 1
        });
        found[at].copies += 1;
    }
    Ok(found)
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
        let (kind, path) = (entry.file_type()?, entry.path());
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("mod")) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_files_count_once() {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(root.path().join("b/c")).expect("a directory");
        for (name, text) in [("b/c/x.mod", "1"), ("a.mod", "1"), ("b/y.MOD", "2"), ("b/z.txt", "3")] {
            std::fs::write(root.path().join(name), text).expect("a file");
        }
        let found = collect(&[root.path().to_owned(), root.path().join("b")]).expect("readable");
        let found: Vec<_> = found.iter().map(|f| (f.path.strip_prefix(root.path()).unwrap(), f.copies)).collect();
        assert_eq!(found, [(Path::new("a.mod"), 2), (Path::new("b/y.MOD"), 1)]);
    }
}
