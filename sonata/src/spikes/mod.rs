//! Spike files: `spikes.h5` and `spikes.csv` as BMTK writes them, and reading of both.
//!
//! In HDF5 each population that spiked is a group `/spikes/<population>` with `timestamps` (ms) and `node_ids`; a
//! population without spikes has no group. Older files have `/spikes/{timestamps,gids}` without a population; they
//! are read with an empty population name.

mod stream;

pub use stream::{SpikesTextWriter, SpikesWriter};

use crate::error::Error;
use crate::h5::{Compression, File, Sorting, join};
use std::io::Write;
use std::path::Path;

/// The spikes of one population.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spikes {
    /// The population; empty if the file names none.
    pub population: String,
    /// Times, ms.
    pub timestamps: Vec<f64>,
    /// The node that spiked, for each time.
    pub node_ids: Vec<u64>,
}

/// How written spikes are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortOrder {
    /// As they were given.
    #[default]
    None,
    /// By time, then node.
    ByTime,
    /// By node, then time.
    ById,
}

impl SortOrder {
    /// The order that a configuration calls by this name.
    pub fn from_name(name: &str) -> Option<SortOrder> {
        match name {
            "none" | "na" => Some(SortOrder::None),
            "time" | "by_time" => Some(SortOrder::ByTime),
            "id" | "by_id" | "node_id" | "gid" => Some(SortOrder::ById),
            _ => None,
        }
    }

    /// The value of the attribute `sorting` in a spikes file.
    pub fn attribute(self) -> Sorting {
        match self {
            SortOrder::None => Sorting::none,
            SortOrder::ByTime => Sorting::by_time,
            SortOrder::ById => Sorting::by_id,
        }
    }
}

impl Spikes {
    /// The number of spikes.
    pub fn len(&self) -> usize {
        self.timestamps.len()
    }

    /// Whether there are no spikes.
    pub fn is_empty(&self) -> bool {
        self.timestamps.is_empty()
    }

    /// Sorts the spikes; equal ones keep their order.
    pub fn sort(&mut self, order: SortOrder) {
        let mut pairs: Vec<(f64, u64)> = self.timestamps.iter().copied().zip(self.node_ids.iter().copied()).collect();
        match order {
            SortOrder::None => return,
            SortOrder::ByTime => pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))),
            SortOrder::ById => pairs.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.total_cmp(&b.0))),
        }
        (self.timestamps, self.node_ids) = pairs.into_iter().unzip();
    }

    fn sorted(&self, order: SortOrder) -> Spikes {
        let mut spikes = self.clone();
        spikes.sort(order);
        spikes
    }
}

/// Writes spikes to an HDF5 file. Nodes are written as signed integers, as BMTK does, so that differences of ids
/// stay integers in Python.
pub fn write_h5(path: &Path, spikes: &[Spikes], order: SortOrder, compression: Compression) -> Result<(), Error> {
    let file = File::create(path)?;
    file.create_group("/spikes")?;
    for population in spikes.iter().filter(|s| !s.is_empty()) {
        let sorted = population.sorted(order);
        let group = join("/spikes", &population.population);
        file.create_group(&group)?;
        file.write_sorting(&group, order.attribute())?;
        let timestamps = join(&group, "timestamps");
        file.write_f64(&timestamps, &sorted.timestamps, compression)?;
        file.write_attribute_text(&timestamps, "units", "ms")?;
        let node_ids: Vec<i64> = sorted.node_ids.iter().map(|&id| id as i64).collect();
        file.write_i64(&join(&group, "node_ids"), &node_ids, compression)?;
    }
    file.flush()
}

/// Writes spikes to a text file: a header, then time (ms), population and node of each spike.
pub fn write_csv(path: &Path, spikes: &[Spikes], order: SortOrder) -> Result<(), Error> {
    let mut lines: Vec<(f64, usize, u64)> = Vec::new();
    for (at, population) in spikes.iter().enumerate() {
        let sorted = population.sorted(order);
        lines.extend(sorted.timestamps.iter().zip(&sorted.node_ids).map(|(&t, &id)| (t, at, id)));
    }
    if order == SortOrder::ByTime {
        lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let write = || -> std::io::Result<()> {
        let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
        writeln!(out, "timestamps population node_ids")?;
        for (time, at, id) in lines {
            writeln!(out, "{time:?} {} {id}", spikes[at].population)?;
        }
        out.flush()
    };
    write().map_err(|e| Error::io(path, e))
}

/// Reads spikes from an HDF5 or text file, told apart by the name.
pub fn read(path: &Path) -> Result<Vec<Spikes>, Error> {
    let is_text = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("txt"));
    if is_text { read_csv(path) } else { read_h5(path) }
}

/// Reads spikes from an HDF5 file, in the order of the file. Times in seconds become ms.
pub fn read_h5(path: &Path) -> Result<Vec<Spikes>, Error> {
    let file = File::open(path)?;
    let populations = file.groups("/spikes")?;
    if populations.is_empty() && file.exists("/spikes/timestamps") {
        let ids = if file.exists("/spikes/gids") { "gids" } else { "node_ids" };
        return Ok(vec![read_group(&file, "/spikes", String::new(), ids)?]);
    }
    populations.into_iter().map(|name| read_group(&file, &join("/spikes", &name), name, "node_ids")).collect()
}

fn read_group(file: &File, group: &str, population: String, ids: &str) -> Result<Spikes, Error> {
    let times_path = join(group, "timestamps");
    let mut timestamps = file.read_f64(&times_path)?;
    let node_ids = file.read_u64(&join(group, ids))?;
    crate::attributes::check_length(file, &times_path, node_ids.len(), timestamps.len())?;
    match file.attribute_text(&times_path, "units")?.as_deref() {
        None | Some("ms" | "milliseconds") => {}
        Some("s" | "seconds") => timestamps.iter_mut().for_each(|t| *t *= 1000.0),
        Some(other) => {
            return Err(Error::WrongKind {
                file: file.path().to_owned(),
                object: format!("{times_path}@units"),
                expected: "ms or s",
                found: other.to_owned(),
            });
        }
    }
    Ok(Spikes { population, timestamps, node_ids })
}

/// Reads spikes from a text file with the columns `timestamps`, `node_ids` (or `gids`) and, optionally,
/// `population`, separated by spaces. Without a header the columns are time and node, or time, population and node.
pub fn read_csv(path: &Path) -> Result<Vec<Spikes>, Error> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
    let bad = |line: usize, message: String| Error::Table { file: path.to_owned(), line: line as u64 + 1, message };
    let mut lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).peekable();
    let Some(&(first_line, first)) = lines.peek() else { return Ok(Vec::new()) };
    let first: Vec<&str> = first.split_whitespace().collect();
    let columns: [Option<usize>; 3] = if first[0].parse::<f64>().is_ok() {
        match first.len() {
            2 => [Some(0), None, Some(1)],
            3 => [Some(0), Some(1), Some(2)],
            n => return Err(bad(first_line, format!("expected 2 or 3 columns, found {n}"))),
        }
    } else {
        lines.next();
        let find = |names: &[&str]| first.iter().position(|c| names.contains(c));
        [find(&["timestamps"]), find(&["population"]), find(&["node_ids", "gids"])]
    };
    let [Some(time_at), population_at, Some(id_at)] = columns else {
        return Err(bad(first_line, "expected the columns `timestamps`, `population` and `node_ids`".to_owned()));
    };
    let mut out: indexmap::IndexMap<String, Spikes> = indexmap::IndexMap::new();
    for (number, line) in lines {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let Ok(time) = field(time_at).parse::<f64>() else {
            return Err(bad(number, format!("`{}` is not a time", field(time_at))));
        };
        let Ok(id) = field(id_at).parse::<u64>() else {
            return Err(bad(number, format!("`{}` is not a node id", field(id_at))));
        };
        let population = population_at.map(field).unwrap_or_default();
        if !out.contains_key(population) {
            let population = population.to_owned();
            out.insert(population.clone(), Spikes { population, ..Spikes::default() });
        }
        let spikes = &mut out[population];
        spikes.timestamps.push(time);
        spikes.node_ids.push(id);
    }
    Ok(out.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<Spikes> {
        vec![
            Spikes {
                population: "a".into(),
                timestamps: vec![53.600000000099094, 10.0, 10.0],
                node_ids: vec![1, 2, 0],
            },
            Spikes { population: "silent".into(), ..Spikes::default() },
            Spikes { population: "b".into(), timestamps: vec![20.5], node_ids: vec![7] },
        ]
    }

    #[test]
    fn h5_round_trip_without_silent_populations() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.h5");
        write_h5(&path, &sample(), SortOrder::None, Compression::Gzip).unwrap();
        let read = super::read(&path).unwrap();
        assert_eq!(read, [sample()[0].clone(), sample()[2].clone()]);
        let file = File::open(&path).unwrap();
        assert_eq!(file.sorting("/spikes/a"), Some(Sorting::none));
        assert_eq!(file.attribute_text("/spikes/a/timestamps", "units").unwrap().as_deref(), Some("ms"));
        drop(file);
        write_h5(&path, &sample(), SortOrder::ByTime, Compression::None).unwrap();
        assert_eq!(super::read(&path).unwrap()[0].node_ids, [0, 2, 1]);
        write_h5(&path, &[], SortOrder::ById, Compression::Gzip).unwrap();
        assert!(super::read(&path).unwrap().is_empty());
    }

    #[test]
    fn csv_text_and_orders() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spikes.csv");
        let text = |order| {
            write_csv(&path, &sample(), order).unwrap();
            std::fs::read_to_string(&path).unwrap()
        };
        let header = "timestamps population node_ids\n";
        assert_eq!(text(SortOrder::None), format!("{header}53.600000000099094 a 1\n10.0 a 2\n10.0 a 0\n20.5 b 7\n"));
        assert_eq!(text(SortOrder::ByTime), format!("{header}10.0 a 0\n10.0 a 2\n20.5 b 7\n53.600000000099094 a 1\n"));
        assert_eq!(text(SortOrder::ById), format!("{header}10.0 a 0\n53.600000000099094 a 1\n10.0 a 2\n20.5 b 7\n"));
        assert_eq!(super::read(&path).unwrap()[1], sample()[2]);
    }

    #[test]
    fn csv_without_header_or_population() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.csv");
        std::fs::write(&path, "1.5 3\n2 4\n").unwrap();
        let want = Spikes { population: String::new(), timestamps: vec![1.5, 2.0], node_ids: vec![3, 4] };
        assert_eq!(read_csv(&path).unwrap(), [want]);
        std::fs::write(&path, "timestamps population node_ids\n1.5 a x\n").unwrap();
        assert!(read_csv(&path).unwrap_err().to_string().ends_with("s.csv:2: `x` is not a node id"));
    }

    #[test]
    fn old_files_have_gids() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("old.h5");
        let file = File::create(&path).unwrap();
        file.write_f64("/spikes/timestamps", &[1.0], Compression::None).unwrap();
        file.write_u64("/spikes/gids", &[5], Compression::None).unwrap();
        drop(file);
        assert_eq!(read_h5(&path).unwrap()[0].node_ids, [5]);
    }
}
