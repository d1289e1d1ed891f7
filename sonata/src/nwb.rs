//! Stimuli and spikes in files of Neurodata Without Borders (NWB), as BMTK reads them, and in files of version 2.

use crate::error::Error;
use crate::h5::{File, join};
use crate::spikes::Spikes;
use std::path::Path;

/// A current that was injected in an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Stimulus {
    /// Values, nA.
    pub amps: Vec<f64>,
    /// Time between them, ms.
    pub interval: f64,
}

/// Where stimuli are, by the name of the sweep: files of the Allen Institute's version 1, and of version 2.
const EPOCHS: &str = "/epochs";
const PRESENTATION: &str = "/stimulus/presentation";

/// Reads the stimulus of a sweep. A whole number means the sweep `Sweep_<number>`.
///
/// # Errors
/// When there is no such sweep, or its rate is not known.
pub fn read_stimulus(path: &Path, sweep: &str) -> Result<Stimulus, Error> {
    let file = File::open(path)?;
    let name = match sweep.parse::<i64>() {
        Ok(number) => format!("Sweep_{number}"),
        Err(_) => sweep.to_owned(),
    };
    let first = file.exists(EPOCHS) || !file.exists(PRESENTATION);
    let series = match first {
        true => join(&join(EPOCHS, &name), "stimulus/timeseries"),
        false => join(PRESENTATION, &name),
    };
    let data = join(&series, "data");
    // Version 1 means ampere; version 2 says how to come to them.
    let unit = if first { 1.0 } else { file.attribute_f64(&data, "conversion")?.unwrap_or(1.0) };
    let amps = file.read_f64(&data)?.into_iter().map(|value| value * unit * 1e9).collect();
    let start = join(&series, "starting_time");
    let rate = file.attribute_f64(&start, "rate")?.filter(|rate| *rate > 0.0 && rate.is_finite());
    let rate = rate.ok_or_else(|| Error::NoObject {
        file: path.to_owned(),
        kind: "attribute",
        object: format!("{start}@rate"),
        nearest: None,
        known: Vec::new(),
    })?;
    Ok(Stimulus { amps, interval: 1000.0 / rate })
}

/// Reads spikes: those of `/processing/<trial>/spike_train`, by node and in ms, or those of the table `/units` of a
/// file of version 2.
///
/// Times of units are in seconds, but for those that BMTK wrote, which have a column `node_id` and are in ms.
///
/// # Errors
/// When there are none, or there are several trials and none is named.
pub fn read_spikes(path: &Path, trial: Option<&str>) -> Result<Vec<Spikes>, Error> {
    let file = File::open(path)?;
    if file.exists("/units/spike_times") && trial.is_none() { units(&file) } else { trains(&file, trial) }
}

fn trains(file: &File, trial: Option<&str>) -> Result<Vec<Spikes>, Error> {
    let trials = file.groups("/processing")?;
    let trial = match (trial, trials.as_slice()) {
        (Some(trial), _) => trial,
        (None, [only]) => only,
        (None, _) => {
            return Err(Error::NoObject {
                file: file.path().to_owned(),
                kind: "single trial in",
                object: "/processing, so that the input must name one as \"trial\"".to_owned(),
                nearest: None,
                known: trials,
            });
        }
    };
    let group = join(&join("/processing", trial), "spike_train");
    let mut spikes = Spikes::default();
    for name in file.groups(&group)? {
        let Ok(node) = name.parse::<u64>() else { continue };
        let times = file.read_f64(&join(&join(&group, &name), "data"))?;
        spikes.node_ids.extend(std::iter::repeat_n(node, times.len()));
        spikes.timestamps.extend(times);
    }
    Ok(vec![spikes])
}

fn units(file: &File) -> Result<Vec<Spikes>, Error> {
    let times = file.read_f64("/units/spike_times")?;
    let ends = file.read_u64("/units/spike_times_index")?;
    let of_bmtk = file.exists("/units/node_id");
    let ids = file.read_u64(if of_bmtk { "/units/node_id" } else { "/units/id" })?;
    let populations = match file.exists("/units/population") {
        true => file.read_text("/units/population")?,
        false => vec![String::new(); ends.len()],
    };
    for (object, length) in [("/units/id", ids.len()), ("/units/population", populations.len())] {
        if length != ends.len() {
            let (file, object) = (file.path().to_owned(), object.to_owned());
            return Err(Error::WrongLength { file, object, expected: ends.len(), found: length });
        }
    }
    let scale = if of_bmtk { 1.0 } else { 1000.0 };
    let mut found: Vec<Spikes> = Vec::new();
    let mut begin = 0;
    for (row, ((&end, id), population)) in ends.iter().zip(ids).zip(populations).enumerate() {
        let Some(of_unit) = times.get(begin..end as usize) else {
            let message = format!("{end} is no end of a part of the {} spike_times", times.len());
            let (file, object) = (file.path().to_owned(), "/units/spike_times_index".to_owned());
            return Err(Error::BadRow { file, object, row, message });
        };
        begin = end as usize;
        let at = found.iter().position(|spikes| spikes.population == population).unwrap_or_else(|| {
            found.push(Spikes { population, ..Spikes::default() });
            found.len() - 1
        });
        found[at].timestamps.extend(of_unit.iter().map(|time| time * scale));
        found[at].node_ids.extend(std::iter::repeat_n(id, of_unit.len()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::h5::Compression;

    fn file(write: impl Fn(&File)) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(&folder.path().join("x.nwb")).unwrap();
        write(&file);
        file.flush().unwrap();
        folder
    }

    #[test]
    fn spikes_of_trials_are_by_node() {
        let folder = file(|file| {
            file.write_f64("/processing/a/spike_train/3/data", &[1.0, 2.0], Compression::None).unwrap();
            file.write_f64("/processing/a/spike_train/1/data", &[5.0], Compression::None).unwrap();
        });
        let path = folder.path().join("x.nwb");
        let spikes = read_spikes(&path, None).unwrap();
        assert_eq!(
            (spikes[0].timestamps.as_slice(), spikes[0].node_ids.as_slice()),
            (&[5.0, 1.0, 2.0][..], &[1, 3, 3][..])
        );
        assert!(read_spikes(&path, Some("b")).unwrap_err().to_string().contains("no group /processing/b"));
    }

    #[test]
    fn units_are_in_seconds_unless_bmtk_wrote_them() {
        let units = |bmtk: bool| {
            let folder = file(|file| {
                file.write_f64("/units/spike_times", &[0.5, 1.5, 2.0], Compression::None).unwrap();
                file.write_u64("/units/spike_times_index", &[2, 3], Compression::None).unwrap();
                file.write_u64("/units/id", &[7, 8], Compression::None).unwrap();
                if bmtk {
                    file.write_u64("/units/node_id", &[0, 0], Compression::None).unwrap();
                    file.write_text("/units/population", &["a", "b"]).unwrap();
                }
            });
            read_spikes(&folder.path().join("x.nwb"), None).unwrap()
        };
        let plain = units(false);
        assert_eq!(
            (plain[0].timestamps.clone(), plain[0].node_ids.clone()),
            (vec![500.0, 1500.0, 2000.0], vec![7, 7, 8])
        );
        let of_bmtk = units(true);
        assert_eq!(of_bmtk.len(), 2);
        assert_eq!((of_bmtk[1].population.as_str(), of_bmtk[1].timestamps[0]), ("b", 2.0));
    }
}
