//! Currents from tables and from experiments, as BMTK plays them: values follow each other at a fixed interval.
//!
//! Of a table the interval is the shortest between two times of the table, whatever the others are. Where the first time is later
//! than 0, values before it are 0; if it is not one interval after 0, the interval becomes the greatest common divisor of
//! both, in whole ms. The clamp is off after the last time, or one interval after it if the last value is not 0.

use super::clamps::PlayedCurrent;
use super::csv::Table;
use crate::problem::Problem;
use sonata::config::{CurrentSweep, CurrentTable};
use sonata::nwb;

/// The current of a sweep: BMTK plays it from t = 0 on, and with a delay only switches the clamp on later.
///
/// # Errors
/// When the file cannot be read, or nothing is left of the sweep.
pub fn played_sweep(sweep: &CurrentSweep) -> Result<PlayedCurrent, Problem> {
    let read = nwb::read_stimulus(&sweep.file, &sweep.sweep)?;
    let (mut values, mut interval) = (read.amps, read.interval);
    if let Some(coarser) = sweep.downsample.filter(|coarser| *coarser > interval) {
        // NumPy rounds halves to the even number.
        values = values.into_iter().step_by((coarser / interval).round_ties_even().max(1.0) as usize).collect();
        interval = coarser;
    }
    if let Some([begin, end]) = sweep.window {
        // The times of values are multiples of the interval before it was made coarser.
        let stride =
            if interval == read.interval { 1.0 } else { (interval / read.interval).round_ties_even().max(1.0) };
        let time = |index: usize| (index as f64 * stride) * read.interval;
        let first = (0..values.len()).find(|&index| time(index) >= begin).unwrap_or(values.len());
        let last = (0..values.len()).rfind(|&index| time(index) <= end).map_or(0, |index| index + 1);
        values = values.get(first..last).unwrap_or_default().to_vec();
    }
    if values.is_empty() {
        let problem = Problem::model(format!("nothing is left of sweep {}", sweep.sweep)).in_file(&sweep.file);
        return Err(problem.help("check sweep_window"));
    }
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        return Err(Problem::model(format!("sweep {} has the value {value}", sweep.sweep)).in_file(&sweep.file));
    }
    let duration = values.len() as f64 * interval * 1000.0;
    Ok(PlayedCurrent { values, interval, delay: sweep.delay, duration })
}

/// The current of a table.
///
/// # Errors
/// When the file cannot be read or its times make no sense.
pub fn played(table: &CurrentTable) -> Result<PlayedCurrent, Problem> {
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
    Ok(PlayedCurrent { values: played, interval: step, delay: 0.0, duration: end })
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

    fn read(text: &str) -> Result<PlayedCurrent, Problem> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("current.csv");
        std::fs::write(&file, text).unwrap();
        played(&CurrentTable {
            file,
            separator: " ".into(),
            times: "timestamps".into(),
            amplitudes: "amps".into(),
            node_set: Value::Null,
            place: Place::Section { name: "soma".into(), index: 0, dist: 0.5 },
        })
    }

    #[test]
    fn values_are_played_at_the_shortest_interval() {
        let check = |text: &str, values: &[f64], interval: f64, duration: f64| {
            let expected = PlayedCurrent { values: values.to_vec(), interval, delay: 0.0, duration };
            assert_eq!(read(text).unwrap(), expected, "{text}");
        };
        check("timestamps amps\n0 0.1\n10 0.1\n20 0\n30 -0.2\n", &[0.1, 0.1, 0.0, -0.2], 10.0, 40.0);
        check("timestamps amps\n10 0.1\n20 0\n", &[0.0, 0.1, 0.0], 10.0, 20.0);
        let text = "timestamps amps\n800.0 0.15\n1300.0 0.0\n";
        let values: Vec<f64> = [vec![0.0; 8], vec![0.15; 5], vec![0.0; 5]].concat();
        check(text, &values, 100.0, 1300.0);
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
