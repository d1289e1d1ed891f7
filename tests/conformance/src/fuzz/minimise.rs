//! Makes a text that breaks a promise shorter, as long as it breaks it in the same way.

use super::session::{Session, place};
use super::supervise::cause;
use anyhow::Result;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Time to spend on one text.
const PATIENCE: Duration = Duration::from_secs(40);

/// Minimises a saved text in place. Each attempt is a process: `program TARGET --run FILE`.
///
/// # Errors
/// When a file cannot be written or the program cannot be run.
pub fn file(path: &Path, session: &Session, program: &str) -> Result<()> {
    let attempt = session.folder.join("attempt");
    let failure = |text: &[u8]| -> Result<Option<String>> {
        std::fs::write(&attempt, text)?;
        let output = Command::new(program)
            .arg(format!("{:?}", session.target).to_lowercase())
            .args(["--run".as_ref(), attempt.as_os_str()])
            .args(["--limit", &session.limit.as_secs_f64().to_string()])
            .stdin(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().last().map(place);
        Ok((!output.status.success()).then(|| said.unwrap_or_else(|| cause(output.status))))
    };
    let text = std::fs::read(path)?;
    if let Some(wanted) = failure(&text)? {
        let short = shorten(text, |text| Ok(failure(text)?.as_ref() == Some(&wanted)))?;
        std::fs::write(path, short)?;
    }
    // Left by the last attempt.
    let _ = std::fs::remove_file(&attempt);
    Ok(())
}

/// Removes ever smaller pieces as long as the rest `fails`.
fn shorten(mut text: Vec<u8>, fails: impl Fn(&[u8]) -> Result<bool>) -> Result<Vec<u8>> {
    let begin = Instant::now();
    let mut size = text.len() / 2;
    while size > 0 && begin.elapsed() < PATIENCE {
        let mut at = 0;
        while at < text.len() && begin.elapsed() < PATIENCE {
            let mut shorter = text.clone();
            shorter.drain(at..(at + size).min(text.len()));
            if fails(&shorter)? {
                text = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn what_matters_is_left() {
        let text = b"one two three four five six".to_vec();
        let fails = |text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            Ok(text.contains("wo") && text.contains("six"))
        };
        assert_eq!(shorten(text, fails).expect("no files"), b"wosix");
    }
}
