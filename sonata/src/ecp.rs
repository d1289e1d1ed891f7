//! Files of potentials at electrodes outside cells.
//!
//! `/ecp/data` (rows x channels, mV), `/ecp/time` (start, end and step, ms) and `/ecp/channel_id`.

use crate::error::Error;
use crate::h5::{Compression, File, Matrix};
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
        compression: Compression,
    ) -> Result<Self, Error> {
        /// Elements in a chunk: 32 KiB, since there may be a file for each cell.
        const CHUNK: usize = 1 << 12;
        let file = File::create(path)?;
        let data = file.create_matrix("/ecp/data", [rows, channels], CHUNK, compression)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_there_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ecp.h5");
        let writer = EcpWriter::create(&path, 3, 2, (0.1, 0.3), Compression::None).unwrap();
        writer.write_rows(1, &[1.0, 2.0]).unwrap();
        drop(writer);
        let file = File::open(&path).unwrap();
        assert_eq!(file.shape("/ecp/data").unwrap(), [3, 2]);
        assert_eq!(file.read_block("/ecp/data", 1..2, 0..2).unwrap(), [1.0, 2.0]);
        assert!(file.read_block("/ecp/data", 0..1, 0..2).unwrap()[0].is_nan());
        assert_eq!(file.read_f64("/ecp/time").unwrap(), [0.0, 0.3, 0.1]);
        assert_eq!(file.attribute_text("/ecp/data", "units").unwrap().as_deref(), Some("mV"));
    }
}
