//! Time as a tree: what a part consists of.

use std::fmt;

/// A part of a run and its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Its name.
    pub name: String,
    /// Seconds, those of its parts included.
    pub seconds: f64,
    /// What it consists of, as far as that is known.
    pub parts: Vec<Stack>,
}

impl Stack {
    /// A part without parts.
    pub fn new(name: &str, seconds: f64) -> Self {
        Self { name: name.to_owned(), seconds, parts: Vec::new() }
    }

    /// Folded stacks, as tools that draw flame graphs read them: a line `runtime;simulate;states;hh 1234` for each part with
    /// the microseconds that none of its parts has.
    pub fn folded(&self) -> String {
        let mut lines = String::new();
        self.fold("", &mut lines);
        lines
    }

    fn fold(&self, above: &str, lines: &mut String) {
        let path = format!("{above}{}", self.name);
        let own = self.seconds - self.parts.iter().map(|part| part.seconds).sum::<f64>();
        let microseconds = (1e6 * own).round();
        if microseconds >= 1.0 {
            *lines += &format!("{path} {microseconds}\n");
        }
        self.parts.iter().for_each(|part| part.fold(&format!("{path};"), lines));
    }

    /// How many parts deep it is.
    pub fn depth(&self) -> usize {
        1 + self.parts.iter().map(Stack::depth).max().unwrap_or(0)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize, all: f64) -> fmt::Result {
        let name = format!("{:indent$}{}", "", self.name, indent = 2 * depth);
        writeln!(f, "{name:<30} {:9.3} s {:5.1} %", self.seconds, 100.0 * self.seconds / all.max(1e-12))?;
        let mut parts: Vec<&Stack> = self.parts.iter().collect();
        parts.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        parts.into_iter().try_for_each(|part| part.write(f, depth + 1, all))
    }
}

impl fmt::Display for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0, self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_fold_to_what_their_parts_do_not_have() {
        let states = Stack { name: "states".into(), seconds: 0.5, parts: vec![Stack::new("hh", 0.5)] };
        let all = Stack { name: "runtime".into(), seconds: 0.75, parts: vec![states] };
        assert_eq!(all.folded(), "runtime 250000\nruntime;states;hh 500000\n");
        assert_eq!(all.depth(), 3);
        assert!(all.to_string().contains("  states                           0.500 s  66.7 %\n"), "{all}");
    }
}
