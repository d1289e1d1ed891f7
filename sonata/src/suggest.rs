//! Nearest names, for error messages.

use strsim::osa_distance;

/// The candidate that is nearest to `name`, if any is near enough to be a slip of the pen.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted = name.to_lowercase();
    let most = (wanted.chars().count() / 3).clamp(1, 3);
    let scored = candidates.into_iter().map(|c| (osa_distance(&wanted, &c.to_lowercase()), c));
    scored.filter(|&(d, _)| d <= most).min_by_key(|&(d, _)| d).map(|(_, c)| c.to_owned())
}

/// " (did you mean `x`?)" or nothing.
pub(crate) fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default()
}

/// The nearest name, or else the names that were possible.
pub(crate) fn among(nearest: &Option<String>, known: &[String]) -> String {
    const SHOWN: usize = 12;
    if nearest.is_some() || known.is_empty() {
        return hint(nearest);
    }
    let more = if known.len() > SHOWN { ", ..." } else { "" };
    let shown: Vec<&str> = known.iter().take(SHOWN).map(String::as_str).collect();
    format!(" (there is {}{more})", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let keys = ["tstop", "dt", "dL", "spike_threshold", "nsteps_block"];
        assert_eq!(nearest("tsotp", keys).as_deref(), Some("tstop"));
        assert_eq!(nearest("spike_treshold", keys).as_deref(), Some("spike_threshold"));
        assert_eq!(nearest("DT", keys).as_deref(), Some("dt"));
        assert_eq!(nearest("celsius", keys), None);
    }
}
