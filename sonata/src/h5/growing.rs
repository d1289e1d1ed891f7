//! Datasets whose length is not known before the end.

use super::{Compression, File, error};
use crate::error::Error;
use std::marker::PhantomData;
use std::path::PathBuf;

/// A dataset of one dimension that grows at its end.
#[derive(Debug)]
pub struct Growing<T> {
    file: PathBuf,
    object: String,
    dataset: hdf5::Dataset,
    length: usize,
    elements: PhantomData<T>,
}

impl File {
    /// Creates a dataset of no length, to be written with [`Growing::append`].
    pub fn create_growing<T: hdf5::H5Type>(&self, path: &str, compression: Compression) -> Result<Growing<T>, Error> {
        /// Elements in a chunk: 32 KiB of numbers.
        const CHUNK: usize = 1 << 12;
        self.create_parent(path)?;
        let builder = self.file.new_dataset_builder().empty::<T>().chunk(CHUNK);
        let builder = match compression {
            Compression::Gzip if hdf5::filters::deflate_available() => builder.deflate(4),
            Compression::Gzip | Compression::None => builder,
        };
        let dataset = builder.shape(0..).create(path).map_err(|e| self.error(path, e))?;
        let (file, object) = (self.path.clone(), path.to_owned());
        Ok(Growing { file, object, dataset, length: 0, elements: PhantomData })
    }
}

impl<T: hdf5::H5Type> Growing<T> {
    /// Writes elements behind those that are there.
    pub fn append(&mut self, values: &[T]) -> Result<(), Error> {
        if values.is_empty() {
            return Ok(());
        }
        let range = self.length..self.length + values.len();
        self.dataset
            .resize(range.end)
            .and_then(|()| self.dataset.write_slice(values, ndarray::s![range.clone()]))
            .map_err(|e| error(&self.file, &self.object, e))?;
        self.length = range.end;
        Ok(())
    }
}
