//! Files of potentials at electrodes outside cells.
//!
//! `/ecp/data` (rows x channels, mV), `/ecp/time` (start, end and step, ms) and `/ecp/channel_id`.

use crate::error::Error;
use crate::h5::{Compression, File, Matrix, Stored};
use std::ops::Range;
use std::path::Path;

/// A file that is being written. Rows that were never written read as NaN.
#[derive(Debug)]
pub struct EcpWriter {
    /// Before the file, so that it is closed first.
    data: Matrix,
    file: File,
}

impl EcpWriter {
    /// Creates the file for `rows` samples, `dt` (ms) apart, of some channels.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(
        path: &Path,
        rows: usize,
        channels: usize,
        (dt, end): (f64, f64),
        stored: Stored,
    ) -> Result<Self, Error> {
        /// Elements in a chunk: 32 KiB, since there may be a file for each cell.
        const CHUNK: usize = 1 << 12;
        let file = File::create(path)?;
        let data = file.create_matrix("/ecp/data", [rows, channels], CHUNK, stored)?;
        file.write_attribute_text("/ecp/data", "units", "mV")?;
        file.write_f64("/ecp/time", &[0.0, end, dt], Compression::None)?;
        file.write_attribute_text("/ecp/time", "units", "ms")?;
        let ids: Vec<i64> = (0..channels as i64).collect();
        file.write_i64("/ecp/channel_id", &ids, Compression::None)?;
        file.flush()?;
        Ok(Self { data, file })
    }

    /// Writes whole rows from row `first` on.
    ///
    /// # Errors
    /// When they do not fit or cannot be written.
    pub fn write_rows(&self, first: usize, values: &[f64]) -> Result<(), Error> {
        self.data.write_rows(first, values)?;
        self.file.flush()
    }
}

/// A file of potentials. Data stay in it until they are asked for.
#[derive(Debug)]
pub struct Ecp {
    file: File,
    /// The number of samples.
    pub rows: usize,
    /// The number of each channel.
    pub channels: Vec<u64>,
    /// Start, end and step of the time axis, ms.
    pub time: [f64; 3],
    /// Units of the potentials, if the file names them; BMTK's are mV.
    pub units: Option<String>,
}

impl Ecp {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be read, or its parts do not fit together.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path)?;
        let wrong = |object: &str, expected: &'static str, found: String| Error::WrongKind {
            file: path.to_owned(),
            object: object.to_owned(),
            expected,
            found,
        };
        let shape = file.shape("/ecp/data")?;
        let [rows, columns] = shape[..] else {
            return Err(wrong("/ecp/data", "rows x channels", format!("the shape {shape:?}")));
        };
        let channels = match file.exists("/ecp/channel_id") {
            true => file.read_u64("/ecp/channel_id")?,
            false => (0..columns as u64).collect(),
        };
        if channels.len() != columns {
            return Err(wrong("/ecp/channel_id", "an id for each channel", format!("{} ids", channels.len())));
        }
        let time = file.read_f64("/ecp/time")?;
        let [start, end, dt] = time[..] else {
            return Err(wrong("/ecp/time", "start, end and step", format!("{} numbers", time.len())));
        };
        let units = file.attribute_text("/ecp/data", "units")?;
        Ok(Self { rows, channels, time: [start, end, dt], units, file })
    }

    /// A block of the data, in row order.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn block(&self, rows: Range<usize>, channels: Range<usize>) -> Result<Vec<f64>, Error> {
        self.file.read_block("/ecp/data", rows, channels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_there_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ecp.h5");
        let writer = EcpWriter::create(&path, 3, 2, (0.1, 0.3), Stored::default()).unwrap();
        writer.write_rows(1, &[1.0, 2.0]).unwrap();
        drop(writer);
        let file = File::open(&path).unwrap();
        assert_eq!(file.shape("/ecp/data").unwrap(), [3, 2]);
        assert_eq!(file.read_block("/ecp/data", 1..2, 0..2).unwrap(), [1.0, 2.0]);
        assert!(file.read_block("/ecp/data", 0..1, 0..2).unwrap()[0].is_nan());
        assert_eq!(file.read_f64("/ecp/time").unwrap(), [0.0, 0.3, 0.1]);
        assert_eq!(file.attribute_text("/ecp/data", "units").unwrap().as_deref(), Some("mV"));
        drop(file);
        let ecp = Ecp::open(&path).unwrap();
        assert_eq!((ecp.rows, ecp.channels.as_slice(), ecp.time), (3, &[0, 1][..], [0.0, 0.3, 0.1]));
        assert_eq!(ecp.block(1..2, 1..2).unwrap(), [2.0]);
    }
}
