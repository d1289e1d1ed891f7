//! Variables: `$NAME` and `${NAME}` in any text of a configuration, defined by its `manifest`.

use super::error::Problem;
use crate::suggest;
use indexmap::IndexMap;
use serde_json::Value;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The variables of a file.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    values: IndexMap<String, Value>,
}

impl Manifest {
    /// Resolves the manifest of a file. `variables` go before the manifest, which goes before the built-in ones:
    /// `workingdir`, `configdir`, `configfname`, `time`, `date`, `datetime` (UTC).
    ///
    /// Problems come with the key in the manifest.
    pub fn resolve(
        written: Option<&serde_json::Map<String, Value>>,
        variables: &IndexMap<String, Value>,
        file: &Path,
    ) -> (Manifest, Vec<(String, Problem)>) {
        let mut known = built_in(file);
        known.extend(variables.iter().map(|(k, v)| (k.clone(), v.clone())));
        let mut open: IndexMap<String, (String, Value)> = IndexMap::new();
        for (key, value) in written.into_iter().flatten() {
            let name = key.strip_prefix('$').unwrap_or(key);
            if !variables.contains_key(name) {
                known.shift_remove(name);
                open.insert(name.to_owned(), (key.clone(), value.clone()));
            }
        }
        let mut manifest = Manifest { values: known };
        // Each round resolves the variables that need only resolved ones.
        loop {
            let ready: Vec<String> = open
                .iter()
                .filter(|(_, (_, value))| names(value).iter().all(|n| !open.contains_key(n)))
                .map(|(name, _)| name.clone())
                .collect();
            if ready.is_empty() {
                break;
            }
            for name in ready {
                if let Some((_, value)) = open.shift_remove(&name) {
                    let value = manifest.substitute(&value);
                    manifest.values.insert(name, value);
                }
            }
        }
        let mut problems = Vec::new();
        for (key, value) in written.into_iter().flatten() {
            let missing = names(value)
                .into_iter()
                .filter(|n| !manifest.values.contains_key(n) && !open.contains_key(n))
                .map(|n| (key.clone(), manifest.undefined(&n)));
            problems.extend(missing);
        }
        problems.extend(
            open.iter().map(|(name, (key, _))| (key.clone(), Problem::CircularVariable { name: name.clone() })),
        );
        (manifest, problems)
    }

    /// The value with all variables in its texts put in. A text that is one variable takes the variable's type.
    /// Variables that are not defined stay as they are.
    pub fn substitute(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.substitute_text(text),
            Value::Array(items) => Value::Array(items.iter().map(|v| self.substitute(v)).collect()),
            Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), self.substitute(v))).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn substitute_text(&self, text: &str) -> Value {
        let mut out = String::new();
        let mut done = 0;
        for (from, to, name) in variables(text) {
            let Some(value) = self.values.get(name) else { continue };
            if (from, to) == (0, text.len()) {
                return value.clone();
            }
            out.push_str(&text[done..from]);
            match value {
                Value::String(s) => out.push_str(s),
                other => out.push_str(&other.to_string()),
            }
            done = to;
        }
        out.push_str(&text[done..]);
        Value::String(out)
    }

    /// The variables in `value` that are not defined.
    pub fn undefined_in(&self, value: &Value) -> Vec<Problem> {
        let undefined = names(value).into_iter().filter(|n| !self.values.contains_key(n));
        undefined.map(|n| self.undefined(&n)).collect()
    }

    fn undefined(&self, name: &str) -> Problem {
        let known: Vec<String> = self.values.keys().map(|k| format!("${k}")).collect();
        let nearest = suggest::nearest(name, self.values.keys().map(String::as_str)).map(|n| format!("${n}"));
        Problem::UndefinedVariable { name: name.to_owned(), nearest, known }
    }
}

/// The names of the variables in the texts of a value.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => variables(text).into_iter().map(|(_, _, name)| name.to_owned()).collect(),
        Value::Array(items) => items.iter().flat_map(names).collect(),
        Value::Object(map) => map.values().flat_map(names).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// The variables in a text: where they start and end, and their names.
fn variables(text: &str) -> Vec<(usize, usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('$').map(|i| from + i) {
        let braced = text[at + 1..].starts_with('{');
        let start = at + 1 + usize::from(braced);
        let rest = &text[start..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let end = start + length;
        let closed = !braced || text[end..].starts_with('}');
        from = start;
        if length > 0 && closed {
            from = end + usize::from(braced);
            found.push((at, from, &text[start..end]));
        }
    }
    found
}

fn built_in(file: &Path) -> IndexMap<String, Value> {
    let working = std::env::current_dir().unwrap_or_default();
    // The folder of a file named without one is the working directory.
    let folder = file.parent().unwrap_or(Path::new(""));
    let folder = if folder.as_os_str().is_empty() { working.clone() } else { working.join(folder) };
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let (date, time) = (date(seconds / 86400), clock(seconds % 86400));
    let text = |s: String| Value::String(s);
    IndexMap::from([
        ("workingdir".to_owned(), text(working.display().to_string())),
        ("configdir".to_owned(), text(folder.display().to_string())),
        ("configfname".to_owned(), text(file.display().to_string())),
        ("datetime".to_owned(), text(format!("{date}_{time}"))),
        ("date".to_owned(), text(date)),
        ("time".to_owned(), text(time)),
    ])
}

fn clock(seconds: u64) -> String {
    format!("{:02}-{:02}-{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The Gregorian date of a day counted from 1970-01-01.
fn date(mut days: u64) -> String {
    let leap = |y: u64| y.is_multiple_of(4) && !y.is_multiple_of(100) || y.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resolve(written: Value) -> (Manifest, Vec<(String, Problem)>) {
        Manifest::resolve(written.as_object(), &IndexMap::new(), Path::new("/m/config.json"))
    }

    #[test]
    fn nested_typed_and_repeated() {
        let (m, problems) = resolve(json!({"$NET": "${BASE}/net", "BASE": ".", "$STEP": 0.1, "$T": "$STEP"}));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(m.substitute(&json!("$NET/$BASE/a_${NET}_b")), json!("./net/./a_./net_b"));
        assert_eq!(m.substitute(&json!({"dt": "${T}", "l": ["$STEP ms"]})), json!({"dt": 0.1, "l": ["0.1 ms"]}));
        assert_eq!(m.substitute(&json!("$NETS costs 5$ ${NET $configdir")), json!("$NETS costs 5$ ${NET /m"));
    }

    #[test]
    fn variables_of_the_caller_go_first() {
        let variables = IndexMap::from([("A".to_owned(), json!("mine"))]);
        let written = json!({"$A": "$GONE", "$configdir": "here"});
        let (m, problems) = Manifest::resolve(written.as_object(), &variables, Path::new("/m/config.json"));
        assert_eq!(m.substitute(&json!("$A $configdir")), json!("mine here"));
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn undefined_and_circular() {
        let (_, problems) = resolve(json!({"$A": "$B", "$B": "x$A", "$NETWORK": ".", "$C": "$NETWROK/c"}));
        let texts: Vec<String> = problems.iter().map(|(k, p)| format!("{k}: {p}")).collect();
        assert_eq!(
            texts,
            [
                "$C: the variable `$NETWROK` is not defined (did you mean `$NETWORK`?)",
                "$A: the variable `$A` is defined by itself",
                "$B: the variable `$B` is defined by itself",
            ]
        );
    }

    #[test]
    fn dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(19782), "2024-02-29");
        assert_eq!(date(20088), "2024-12-31");
        assert_eq!(clock(86399), "23-59-59");
    }
}
