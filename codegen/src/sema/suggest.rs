//! "Did you mean": the nearest of the known names.

/// The known name nearest to `name`, if near enough to be a slip of the pen.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = if name.len() <= 3 { 1 } else { 2 };
    known
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            let same_letters = candidate.eq_ignore_ascii_case(name);
            (if same_letters { 0 } else { distance(name, candidate) }, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edit distance with swaps of neighbours counted once.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_nothing_else() {
        let known = ["gbar", "minf", "mtau", "celsius"];
        assert_eq!(nearest("gabr", known.into_iter()), Some("gbar"));
        assert_eq!(nearest("Minf", known.into_iter()), Some("minf"));
        assert_eq!(nearest("quux", known.into_iter()), None);
    }
}
