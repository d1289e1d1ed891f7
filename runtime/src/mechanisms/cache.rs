//! Where built kernel libraries are kept between runs.

use std::ffi::OsString;
use std::path::PathBuf;

/// `$XDG_CACHE_HOME/saltatory`, else `~/.cache/saltatory`, else a folder among temporary files.
pub fn cache_folder() -> PathBuf {
    folder_from(|name| std::env::var_os(name))
}

fn folder_from(variable: impl Fn(&str) -> Option<OsString>) -> PathBuf {
    let path = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = path("XDG_CACHE_HOME").or_else(|| path("HOME").map(|home| home.join(".cache")));
    base.unwrap_or_else(std::env::temp_dir).join("saltatory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_choice_goes_first() {
        let folder = |set: &[(&str, &str)]| {
            let found = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
            folder_from(found)
        };
        assert_eq!(folder(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]), PathBuf::from("/c/saltatory"));
        assert_eq!(folder(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]), PathBuf::from("/h/.cache/saltatory"));
        assert_eq!(folder(&[]), std::env::temp_dir().join("saltatory"));
    }
}
