//! "Did you mean": the nearest of some words.

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
    candidates
        .into_iter()
        .map(|candidate| (distance(upper.as_bytes(), candidate.to_ascii_uppercase().as_bytes()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edit distance in which swapped neighbours count as one.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(rows[i - 2][j - 2] + 1);
            }
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
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
