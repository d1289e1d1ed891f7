//! "Did you mean": the nearest of the known names.

use strsim::osa_distance;

/// The known name nearest to `name`, if near enough to be a slip of the pen.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match name.len() {
        // Any letter is near any other.
        0..=1 => 0,
        2..=3 => 1,
        4..=60 => 2,
        // The distance takes quadratic time.
        _ => return None,
    };
    known
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            let same_letters = candidate.eq_ignore_ascii_case(name);
            (if same_letters { 0 } else { osa_distance(name, candidate) }, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Names in a sentence: "`a`", "`a` and `b`", "`a`, `b` and `c`".
pub fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
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
