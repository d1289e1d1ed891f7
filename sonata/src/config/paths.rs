//! Which file a path of a configuration means.

use std::path::{Path, PathBuf};

/// The first of the files that a path may mean that exists: the path beside each of the files `beside`, then under
/// the working directory; each as written, then with backslashes as separators. Else all that were tried.
pub fn existing(text: &str, beside: &[&Path]) -> Result<PathBuf, Vec<PathBuf>> {
    let mut tried = Vec::new();
    let working = std::env::current_dir().unwrap_or_default();
    let folders = beside.iter().map(|f| f.parent().unwrap_or(Path::new(""))).chain([working.as_path()]);
    for folder in folders {
        for form in forms(text) {
            let path = joined(folder, &form);
            if path.exists() {
                return Ok(path);
            }
            if !tried.contains(&path) {
                tried.push(path);
            }
        }
    }
    Err(tried)
}

/// A path that need not exist, beside the file `beside`.
pub fn planned(text: &str, beside: &Path) -> PathBuf {
    let folder = beside.parent().unwrap_or(Path::new(""));
    let forms = forms(text);
    let written = joined(folder, &forms[0]);
    if written.exists() { written } else { joined(folder, &forms[forms.len() - 1]) }
}

/// The text as written and, if that is something else, with backslashes as separators.
fn forms(text: &str) -> Vec<String> {
    let slashes = text.replace('\\', "/");
    if slashes == text { vec![slashes] } else { vec![text.to_owned(), slashes] }
}

/// `folder/text` without "." parts; an absolute text stays.
fn joined(folder: &Path, text: &str) -> PathBuf {
    // Collecting components drops "." parts.
    let path: PathBuf = folder.join(text).components().filter(|c| *c != std::path::Component::CurDir).collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_as_written_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("config.json");
        std::fs::create_dir(dir.path().join("net")).unwrap();
        std::fs::write(dir.path().join("net/a.h5"), "").unwrap();
        assert_eq!(existing(".\\net\\a.h5", &[&config]).unwrap(), dir.path().join("net/a.h5"));
        assert_eq!(existing("./net/a.h5", &[&config]).unwrap(), dir.path().join("net/a.h5"));
        let odd = dir.path().join("net\\a.h5");
        std::fs::write(&odd, "").unwrap();
        assert_eq!(existing("net\\a.h5", &[&config]).unwrap(), odd);
        let tried = existing("net\\b.h5", &[&config]).unwrap_err();
        assert_eq!(tried[..2], [dir.path().join("net\\b.h5"), dir.path().join("net/b.h5")]);
    }

    #[test]
    fn the_working_directory_comes_last() {
        // Tests run in the folder of the crate.
        assert!(existing("Cargo.toml", &[Path::new("/nowhere/config.json")]).unwrap().is_file());
    }

    #[test]
    fn outputs_go_beside_the_configuration() {
        assert_eq!(planned("./out\\a", Path::new("/m/config.json")), Path::new("/m/out/a"));
        assert_eq!(planned(".", Path::new("config.json")), Path::new("."));
        assert_eq!(planned("/abs/out", Path::new("/m/config.json")), Path::new("/abs/out"));
    }
}
