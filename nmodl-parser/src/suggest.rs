//! "Did you mean": the nearest of some words.

use strsim::osa_distance;

/// The candidate nearest to `word`, if it is near enough for a slip of the pen.
pub(crate) fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match word.len() {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    };
    // Long texts are no keywords; the distance takes quadratic time.
    if word.len() > 40 {
        return None;
    }
    let upper = word.to_ascii_uppercase();
    let length = word.chars().count();
    candidates
        .into_iter()
        // Words differ by their lengths at least.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (osa_distance(&upper, &candidate.to_ascii_uppercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn finds_slips_and_nothing_else() {
        let words = ["BREAKPOINT", "NEURON", "IF", "STATE"];
        assert_eq!(suggest("BREAKPONT", words), Some("BREAKPOINT"));
        assert_eq!(suggest("neuron", words), Some("NEURON"));
        assert_eq!(suggest("STAET", words), Some("STATE"));
        assert_eq!(suggest("rates", words), None);
        assert_eq!(suggest("x", words), None);
    }
}
