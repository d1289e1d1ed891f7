//! Lists of ids as users write them: `0-9,12,40-`.

use std::str::FromStr;

/// Some ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids(Vec<(u64, u64)>);

impl Ids {
    /// Whether an id is among them.
    pub fn has(&self, id: u64) -> bool {
        self.0.iter().any(|&(first, last)| (first..=last).contains(&id))
    }
}

impl FromStr for Ids {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| part.trim().parse::<u64>().map_err(|_| format!("`{part}` is no id"));
        let range = |part: &str| match part.split_once('-') {
            None => number(part).map(|id| (id, id)),
            Some((first, "")) => Ok((number(first)?, u64::MAX)),
            Some((first, last)) => match (number(first)?, number(last)?) {
                (first, last) if first <= last => Ok((first, last)),
                _ => Err(format!("`{part}` goes backwards")),
            },
        };
        text.split(',').map(range).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_single_ids() {
        let ids: Ids = "0-2, 7,40-".parse().unwrap();
        let among: Vec<u64> = (0..50).filter(|&id| ids.has(id)).collect();
        assert_eq!(among[..4], [0, 1, 2, 7]);
        assert_eq!(among.len(), 14);
        for wrong in ["", "a", "3-1", "1,,2"] {
            assert!(wrong.parse::<Ids>().is_err(), "{wrong}");
        }
    }
}
