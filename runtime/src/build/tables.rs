//! Currents from tables, as BMTK plays them: values follow each other at a fixed interval.
//!
//! The interval is the shortest between two times of the table, whatever the others are. Where the first time is later
//! than 0, values before it are 0; if it is not one interval after 0, the interval becomes the greatest common divisor of
//! both, in whole ms. The clamp is off after the last time, or one interval after it if the last value is not 0.

use super::csv::Table;
use crate::problem::Problem;
use sonata::config::{CurrentTable, Pulse};

/// The pulses that make up the current of a table.
///
/// # Errors
/// When the file cannot be read or its times make no sense.
pub fn pulses(table: &CurrentTable) -> Result<Vec<Pulse>, Problem> {
    let text = std::fs::read_to_string(&table.file).map_err(|error| Problem::io("read", &table.file, &error))?;
    let (times, values) = columns(table, &text)?;
    let problem = |text: String| Err(Problem::model(text));
    let Some((&first, &last)) = times.first().zip(times.last()).filter(|_| times.len() > 1) else {
        return problem("the table needs two rows or more".into());
    };
    let interval = times.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if interval <= 0.0 {
        return problem("the times of the table must ascend".into());
    }
    if first < 0.0 {
        return problem(format!("the first time is {first} ms; it must not be negative"));
    }
    let (mut played, mut step) = (values, interval);
    if first > 0.0 && first == interval {
        played.insert(0, 0.0);
    } else if first > 0.0 {
        let (every, until) = (interval as u64, first as u64);
        let divisor = greatest_common_divisor(every, until);
        if divisor == 0 {
            return problem(format!(
                "the first time, {first} ms, and the interval, {interval} ms, must be 1 ms or more"
            ));
        }
        tracing::warn!(
            place = %table.file.display(),
            "the table begins at {first} ms and has an interval of {interval} ms; as in BMTK its values are played at intervals of {divisor} ms"
        );
        let repeated = played.iter().flat_map(|&value| std::iter::repeat_n(value, (every / divisor) as usize));
        played = std::iter::repeat_n(0.0, (until / divisor) as usize).chain(repeated).collect();
        step = divisor as f64;
    }
    let end = if played.last().is_some_and(|value| *value != 0.0) { last + step } else { last };
    Ok(stretches(&played, step, end))
}

/// A pulse for each stretch of equal values that are not 0; the last value stays.
fn stretches(values: &[f64], step: f64, end: f64) -> Vec<Pulse> {
    let mut pulses = Vec::new();
    let mut begin = 0;
    for next in 1..=values.len() {
        if values.get(next) == Some(&values[begin]) {
            continue;
        }
        let (from, to) = (begin as f64 * step, if next == values.len() { end } else { (next as f64 * step).min(end) });
        if values[begin] != 0.0 && from < to {
            pulses.push(Pulse { amp: values[begin], delay: from, duration: to - from });
        }
        begin = next;
    }
    pulses
}

fn columns(table: &CurrentTable, text: &str) -> Result<(Vec<f64>, Vec<f64>), Problem> {
    let read = Table::parse(text, &table.separator);
    let column = |name: &str, key: &str| match read.has(name) {
        true => read.numbers(name),
        false => read.numbers(name).map_err(|problem| {
            problem.help(format!("name the column as {key}, and what separates columns as separator"))
        }),
    };
    Ok((column(&table.times, "timestamps_column")?, column(&table.amplitudes, "amplitudes_column")?))
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use sonata::config::Place;

    fn read(text: &str) -> Result<Vec<Pulse>, Problem> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("current.csv");
        std::fs::write(&file, text).unwrap();
        pulses(&CurrentTable {
            file,
            separator: " ".into(),
            times: "timestamps".into(),
            amplitudes: "amps".into(),
            node_set: Value::Null,
            place: Place::Section { name: "soma".into(), index: 0, dist: 0.5 },
        })
    }

    fn pulse(amp: f64, delay: f64, duration: f64) -> Pulse {
        Pulse { amp, delay, duration }
    }

    #[test]
    fn values_are_played_at_the_shortest_interval() {
        let values = read("timestamps amps\n0 0.1\n10 0.1\n20 0\n30 -0.2\n").unwrap();
        assert_eq!(values, [pulse(0.1, 0.0, 20.0), pulse(-0.2, 30.0, 10.0)]);
        let values = read("timestamps amps\n10 0.1\n20 0\n").unwrap();
        assert_eq!(values, [pulse(0.1, 10.0, 10.0)]);
        let values = read("timestamps amps\n800.0 0.15\n1300.0 0.0\n1800.0 0.175\n2300.0 0.0\n").unwrap();
        assert_eq!(values, [pulse(0.15, 800.0, 500.0), pulse(0.175, 1800.0, 500.0)]);
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let message = |text: &str| read(text).unwrap_err().message;
        assert_eq!(message("time amps\n0 1\n"), "the table has no column `timestamps`");
        assert_eq!(message("timestamps amps\n0 1\n"), "the table needs two rows or more");
        assert_eq!(message("timestamps amps\n0 1\n0 2\n"), "the times of the table must ascend");
        assert_eq!(message("timestamps amps\n0 1\n1 x\n"), "line 3: expected a number as `amps`, found `x`");
    }
}
