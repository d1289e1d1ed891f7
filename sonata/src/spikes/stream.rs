//! Spike files that grow while a simulation runs: what has been written is there if the program is killed.

use super::{SortOrder, Spikes, read_csv, read_h5, write_csv, write_h5};
use crate::error::Error;
use crate::h5::{Compression, File, Growing, join};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// An HDF5 file of spikes that is being written. A population has a group from its first spike on.
#[derive(Debug)]
pub struct SpikesWriter {
    /// Before the file, so that datasets are closed first.
    populations: Vec<Population>,
    file: File,
    compression: Compression,
}

#[derive(Debug)]
struct Population {
    name: String,
    timestamps: Growing<f64>,
    node_ids: Growing<i64>,
}

impl SpikesWriter {
    /// Creates the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(path: &Path, compression: Compression) -> Result<Self, Error> {
        let file = File::create(path)?;
        file.create_group("/spikes")?;
        file.flush()?;
        Ok(Self { populations: Vec::new(), file, compression })
    }

    /// Adds spikes, in their order, and sees to it that they are on the disk.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn append(&mut self, spikes: &[Spikes]) -> Result<(), Error> {
        for spikes in spikes.iter().filter(|spikes| !spikes.is_empty()) {
            let population = self.population(&spikes.population)?;
            let ids: Vec<i64> = spikes.node_ids.iter().map(|&id| id as i64).collect();
            population.timestamps.append(&spikes.timestamps)?;
            population.node_ids.append(&ids)?;
        }
        self.file.flush()
    }

    fn population(&mut self, name: &str) -> Result<&mut Population, Error> {
        let at = match self.populations.iter().position(|population| population.name == name) {
            Some(at) => at,
            None => {
                let group = join("/spikes", name);
                self.file.create_group(&group)?;
                self.file.write_sorting(&group, SortOrder::None.attribute())?;
                let timestamps = join(&group, "timestamps");
                let population = Population {
                    name: name.to_owned(),
                    timestamps: self.file.create_growing(&timestamps, self.compression)?,
                    node_ids: self.file.create_growing(&join(&group, "node_ids"), self.compression)?,
                };
                self.file.write_attribute_text(&timestamps, "units", "ms")?;
                self.populations.push(population);
                self.populations.len() - 1
            }
        };
        Ok(&mut self.populations[at])
    }

    /// Closes the file; sorts the spikes in it if an order is asked for.
    ///
    /// # Errors
    /// When they cannot be written. The unsorted file stays then.
    pub fn finish(self, order: SortOrder) -> Result<(), Error> {
        let Self { populations, file, compression } = self;
        file.flush()?;
        let path = file.path().to_owned();
        drop((populations, file));
        if order == SortOrder::None {
            return Ok(());
        }
        replaced(&path, |sorted| write_h5(sorted, &read_h5(&path)?, order, compression))
    }
}

/// A text file of spikes that is being written.
#[derive(Debug)]
pub struct SpikesTextWriter {
    path: PathBuf,
    out: BufWriter<fs::File>,
}

impl SpikesTextWriter {
    /// Creates the file with its header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let write = || -> std::io::Result<_> {
            let mut out = BufWriter::new(fs::File::create(path)?);
            writeln!(out, "timestamps population node_ids")?;
            out.flush()?;
            Ok(out)
        };
        let out = write().map_err(|e| Error::io(path, e))?;
        Ok(Self { path: path.to_owned(), out })
    }

    /// Adds spikes, population by population.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn append(&mut self, spikes: &[Spikes]) -> Result<(), Error> {
        let out = &mut self.out;
        let mut write = || -> std::io::Result<()> {
            for spikes in spikes {
                for (time, id) in spikes.timestamps.iter().zip(&spikes.node_ids) {
                    writeln!(out, "{time:?} {} {id}", spikes.population)?;
                }
            }
            out.flush()
        };
        write().map_err(|e| Error::io(&self.path, e))
    }

    /// Closes the file; sorts the spikes in it if an order is asked for.
    ///
    /// # Errors
    /// When they cannot be written. The unsorted file stays then.
    pub fn finish(self, order: SortOrder) -> Result<(), Error> {
        let Self { path, out } = self;
        drop(out);
        if order == SortOrder::None {
            return Ok(());
        }
        replaced(&path, |sorted| write_csv(sorted, &read_csv(&path)?, order))
    }
}

/// Lets `write` make a file beside another, and puts it into the other's place.
fn replaced(path: &Path, write: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
    // What is no file (such as /dev/null) stays where it is.
    if !path.is_file() {
        return Ok(());
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".sorting");
    let beside = path.with_file_name(name);
    let done = write(&beside).and_then(|()| fs::rename(&beside, path).map_err(|e| Error::io(path, e)));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spikes::read;

    fn spikes(population: &str, pairs: &[(f64, u64)]) -> Spikes {
        let (timestamps, node_ids) = pairs.iter().copied().unzip();
        Spikes { population: population.to_owned(), timestamps, node_ids }
    }

    #[test]
    fn pieces_are_one_file_and_are_there_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spikes.h5");
        let mut writer = SpikesWriter::create(&path, Compression::Gzip).unwrap();
        writer.append(&[spikes("a", &[(2.0, 7), (1.0, 3)])]).unwrap();
        // As another program sees it, the writer being killed.
        let copy = folder.path().join("copy.h5");
        fs::copy(&path, &copy).unwrap();
        assert_eq!(read(&copy).unwrap(), [spikes("a", &[(2.0, 7), (1.0, 3)])]);
        writer.append(&[spikes("b", &[(0.5, 1)]), spikes("a", &[(3.0, 0)]), spikes("c", &[])]).unwrap();
        writer.finish(SortOrder::ByTime).unwrap();
        assert_eq!(read(&path).unwrap(), [spikes("a", &[(1.0, 3), (2.0, 7), (3.0, 0)]), spikes("b", &[(0.5, 1)])]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn text_is_sorted_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spikes.csv");
        let mut writer = SpikesTextWriter::create(&path).unwrap();
        writer.append(&[spikes("a", &[(2.0, 7)]), spikes("b", &[(1.5, 1)])]).unwrap();
        let header = "timestamps population node_ids\n";
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{header}2.0 a 7\n1.5 b 1\n"));
        writer.append(&[spikes("a", &[(1.0, 8)])]).unwrap();
        writer.finish(SortOrder::ByTime).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{header}1.0 a 8\n1.5 b 1\n2.0 a 7\n"));
    }
}
