//! The only module that knows the HDF5 library.
//!
//! A [`File`] is addressed by paths ("/nodes/cortex/node_id"); whole datasets come and go as vectors. Every error
//! names the file and the object in it. The library's own error printing is off (the binding sets that for each
//! thread on its first call).

mod columns;
mod growing;

pub use columns::{ColumnWriter, Dtype, Elements};
pub use growing::Growing;

use crate::error::Error;
use crate::suggest;
use hdf5::types::{FixedAscii, FixedUnicode, TypeDescriptor, VarLenAscii, VarLenUnicode};
use std::path::{Path, PathBuf};

/// The value of the root attribute `magic` of every SONATA file.
pub const MAGIC: u32 = 0x0A7A;

/// What the elements of a dataset are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Signed or unsigned integers, of any width, and booleans.
    Integer,
    /// Floating point numbers of any width.
    Float,
    /// Fixed or variable length text.
    Text,
}

/// Whether written datasets are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Deflate, as BMTK does.
    #[default]
    Gzip,
    /// Not compressed.
    None,
}

/// SONATA's orders of spikes, under the names that files have for them.
#[allow(non_camel_case_types, reason = "the names are written to files")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, hdf5::H5Type)]
#[repr(u8)]
pub enum Sorting {
    /// In no order.
    none = 0,
    /// By node.
    by_id = 1,
    /// By time.
    by_time = 2,
}

/// How numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// In 32 bits instead of 64.
    pub single: bool,
    /// Whether they are compressed.
    pub compression: Compression,
}

/// An open HDF5 file.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    file: hdf5::File,
}

impl File {
    /// Opens a file for reading.
    pub fn open(path: &Path) -> Result<File, Error> {
        // The library's message about a missing file is long and says little.
        std::fs::metadata(path).map_err(|e| Error::io(path, e))?;
        let file = hdf5::File::open(path).map_err(|e| error(path, "/", e))?;
        Ok(File { path: path.to_owned(), file })
    }

    /// Creates a file, or empties the one that is there. The root attributes of SONATA are written.
    pub fn create(path: &Path) -> Result<File, Error> {
        let file = hdf5::File::create(path).map_err(|e| error(path, "/", e))?;
        let file = File { path: path.to_owned(), file };
        file.new_attribute("/", "magic", &[MAGIC], true)?;
        file.new_attribute("/", "version", &[0u32, 1], false)?;
        Ok(file)
    }

    /// The path that the file was opened with.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what the library still holds in memory.
    pub fn flush(&self) -> Result<(), Error> {
        self.file.flush().map_err(|e| self.error("/", e))
    }

    fn error(&self, object: &str, e: hdf5::Error) -> Error {
        error(&self.path, object, e)
    }

    // ---- looking around ----

    /// Whether there is a group or dataset at `path`.
    pub fn exists(&self, path: &str) -> bool {
        let mut at = String::new();
        path.split('/').filter(|p| !p.is_empty()).all(|part| {
            at = format!("{at}/{part}");
            self.file.link_exists(&at)
        })
    }

    /// The names of the groups in the group at `path`, in alphabetical order.
    pub fn groups(&self, path: &str) -> Result<Vec<String>, Error> {
        let names = self.names(path)?;
        Ok(names.into_iter().filter(|n| self.file.group(&join(path, n)).is_ok()).collect())
    }

    /// The names of the datasets in the group at `path`, in alphabetical order.
    pub fn datasets(&self, path: &str) -> Result<Vec<String>, Error> {
        let names = self.names(path)?;
        Ok(names.into_iter().filter(|n| self.file.dataset(&join(path, n)).is_ok()).collect())
    }

    fn names(&self, path: &str) -> Result<Vec<String>, Error> {
        if !self.exists(path) {
            return Err(self.missing("group", path));
        }
        let group = self.file.group(path).map_err(|e| self.error(path, e))?;
        group.member_names().map_err(|e| self.error(path, e))
    }

    /// "There is no ...", with the names that are there.
    fn missing(&self, kind: &'static str, path: &str) -> Error {
        let (parent, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path));
        let parent = if parent.is_empty() { "/" } else { parent };
        let known = if self.exists(parent) { self.names(parent).unwrap_or_default() } else { Vec::new() };
        let nearest = suggest::nearest(name, known.iter().map(String::as_str));
        Error::NoObject { file: self.path.clone(), kind, object: path.to_owned(), nearest, known }
    }

    fn dataset(&self, path: &str) -> Result<hdf5::Dataset, Error> {
        if !self.exists(path) {
            return Err(self.missing("dataset", path));
        }
        self.file.dataset(path).map_err(|e| self.error(path, e))
    }

    /// The size of each dimension of a dataset.
    pub fn shape(&self, path: &str) -> Result<Vec<usize>, Error> {
        Ok(self.dataset(path)?.shape())
    }

    /// What the elements of a dataset are.
    pub fn kind(&self, path: &str) -> Result<Kind, Error> {
        let dataset = self.dataset(path)?;
        match self.descriptor(&dataset, path)? {
            TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) | TypeDescriptor::Boolean => Ok(Kind::Integer),
            TypeDescriptor::Float(_) => Ok(Kind::Float),
            TypeDescriptor::VarLenAscii
            | TypeDescriptor::VarLenUnicode
            | TypeDescriptor::FixedAscii(_)
            | TypeDescriptor::FixedUnicode(_) => Ok(Kind::Text),
            other => Err(self.wrong_kind(path, "numbers or text", &other)),
        }
    }

    fn descriptor(&self, container: &hdf5::Container, path: &str) -> Result<TypeDescriptor, Error> {
        container.dtype().and_then(|t| t.to_descriptor()).map_err(|e| self.error(path, e))
    }

    fn wrong_kind(&self, path: &str, expected: &'static str, found: &TypeDescriptor) -> Error {
        let object = path.to_owned();
        Error::WrongKind { file: self.path.clone(), object, expected, found: found.to_string() }
    }

    // ---- reading ----

    /// All elements of a dataset of integers, in row order.
    pub fn read_i64(&self, path: &str) -> Result<Vec<i64>, Error> {
        let dataset = self.dataset(path)?;
        match self.descriptor(&dataset, path)? {
            TypeDescriptor::Boolean => {
                let values = dataset.read_raw::<bool>().map_err(|e| self.error(path, e))?;
                Ok(values.into_iter().map(i64::from).collect())
            }
            TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) => {
                dataset.read_raw().map_err(|e| self.error(path, e))
            }
            other => Err(self.wrong_kind(path, "integers", &other)),
        }
    }

    /// All elements of a dataset of integers that can't be negative, such as ids.
    pub fn read_u64(&self, path: &str) -> Result<Vec<u64>, Error> {
        let dataset = self.dataset(path)?;
        match self.descriptor(&dataset, path)? {
            TypeDescriptor::Unsigned(_) => dataset.read_raw().map_err(|e| self.error(path, e)),
            TypeDescriptor::Integer(_) => {
                let values: Vec<i64> = dataset.read_raw().map_err(|e| self.error(path, e))?;
                if let Some(row) = values.iter().position(|&v| v < 0) {
                    let message = format!("{} is negative", values[row]);
                    return Err(Error::BadRow { file: self.path.clone(), object: path.to_owned(), row, message });
                }
                Ok(values.into_iter().map(|v| v as u64).collect())
            }
            other => Err(self.wrong_kind(path, "integers", &other)),
        }
    }

    /// All elements of a dataset of numbers, in row order.
    pub fn read_f64(&self, path: &str) -> Result<Vec<f64>, Error> {
        let dataset = self.dataset(path)?;
        match self.descriptor(&dataset, path)? {
            TypeDescriptor::Float(_) | TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) => {
                dataset.read_raw().map_err(|e| self.error(path, e))
            }
            other => Err(self.wrong_kind(path, "numbers", &other)),
        }
    }

    /// All elements of a dataset of text.
    pub fn read_text(&self, path: &str) -> Result<Vec<String>, Error> {
        let dataset = self.dataset(path)?;
        self.text(&dataset, path)
    }

    /// A block of a two-dimensional dataset of numbers: the given rows of the given columns, in row order.
    pub fn read_block(
        &self,
        path: &str,
        rows: std::ops::Range<usize>,
        columns: std::ops::Range<usize>,
    ) -> Result<Vec<f64>, Error> {
        let dataset = self.dataset(path)?;
        let block = dataset.read_slice_2d::<f64, _>(ndarray::s![rows, columns]).map_err(|e| self.error(path, e))?;
        Ok(block.into_iter().collect())
    }

    /// The text of an attribute of a group or dataset, if it has that attribute.
    pub fn attribute_text(&self, path: &str, name: &str) -> Result<Option<String>, Error> {
        let Some((attribute, object)) = self.attribute(path, name)? else { return Ok(None) };
        Ok(self.text(&attribute, &object)?.into_iter().next())
    }

    /// The number in an attribute of a group or dataset, if it has that attribute.
    pub fn attribute_f64(&self, path: &str, name: &str) -> Result<Option<f64>, Error> {
        let Some((attribute, object)) = self.attribute(path, name)? else { return Ok(None) };
        match self.descriptor(&attribute, &object)? {
            TypeDescriptor::Float(_) | TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) => {
                let values: Vec<f64> = attribute.read_raw().map_err(|e| self.error(&object, e))?;
                Ok(values.first().copied())
            }
            other => Err(self.wrong_kind(&object, "a number", &other)),
        }
    }

    fn attribute(&self, path: &str, name: &str) -> Result<Option<(hdf5::Attribute, String)>, Error> {
        let group;
        let dataset;
        let location: &hdf5::Location = if let Ok(found) = self.file.dataset(path) {
            dataset = found;
            &dataset
        } else {
            group = self.file.group(path).map_err(|e| self.error(path, e))?;
            &group
        };
        let names = location.attr_names().map_err(|e| self.error(path, e))?;
        if !names.iter().any(|n| n == name) {
            return Ok(None);
        }
        let object = format!("{path}@{name}");
        let attribute = location.attr(name).map_err(|e| self.error(&object, e))?;
        Ok(Some((attribute, object)))
    }

    fn text(&self, container: &hdf5::Container, path: &str) -> Result<Vec<String>, Error> {
        // The library converts between fixed lengths, but not between fixed and variable length.
        let texts = match self.descriptor(container, path)? {
            TypeDescriptor::VarLenUnicode => strings(container.read_raw::<VarLenUnicode>()),
            TypeDescriptor::VarLenAscii => strings(container.read_raw::<VarLenAscii>()),
            TypeDescriptor::FixedAscii(0..=64) => strings(container.read_raw::<FixedAscii<64>>()),
            TypeDescriptor::FixedAscii(65..=1024) => strings(container.read_raw::<FixedAscii<1024>>()),
            TypeDescriptor::FixedUnicode(0..=64) => strings(container.read_raw::<FixedUnicode<64>>()),
            TypeDescriptor::FixedUnicode(65..=1024) => strings(container.read_raw::<FixedUnicode<1024>>()),
            other => return Err(self.wrong_kind(path, "text of at most 1024 bytes", &other)),
        };
        texts.map_err(|e| self.error(path, e))
    }

    // ---- writing ----

    /// Creates a group, and those above it that are missing.
    pub fn create_group(&self, path: &str) -> Result<(), Error> {
        let mut at = String::new();
        for part in path.split('/').filter(|p| !p.is_empty()) {
            at = format!("{at}/{part}");
            if !self.file.link_exists(&at) {
                self.file.create_group(&at).map_err(|e| self.error(&at, e))?;
            }
        }
        Ok(())
    }

    /// Writes a dataset of `u64`.
    pub fn write_u64(&self, path: &str, values: &[u64], compression: Compression) -> Result<(), Error> {
        self.write(path, values, values.len(), None, compression)
    }

    /// Writes a dataset of `i64`.
    pub fn write_i64(&self, path: &str, values: &[i64], compression: Compression) -> Result<(), Error> {
        self.write(path, values, values.len(), None, compression)
    }

    /// Writes a dataset of `f64`.
    pub fn write_f64(&self, path: &str, values: &[f64], compression: Compression) -> Result<(), Error> {
        self.write(path, values, values.len(), None, compression)
    }

    /// Writes a two-dimensional dataset of `f64`, given in row order. `width` is the number of columns.
    pub fn write_f64_rows(&self, path: &str, values: &[f64], width: usize) -> Result<(), Error> {
        self.write(path, values, values.len() / width.max(1), Some(width), Compression::None)
    }

    /// Writes a two-dimensional dataset of `u64`, given in row order. `width` is the number of columns.
    pub fn write_u64_rows(&self, path: &str, values: &[u64], width: usize) -> Result<(), Error> {
        self.write(path, values, values.len() / width.max(1), Some(width), Compression::None)
    }

    fn write<T: hdf5::H5Type>(
        &self,
        path: &str,
        values: &[T],
        rows: usize,
        width: Option<usize>,
        compression: Compression,
    ) -> Result<(), Error> {
        /// Elements in a chunk of a compressed dataset.
        const CHUNK: usize = 1 << 16;
        self.create_parent(path)?;
        let shape: Vec<usize> = std::iter::once(rows).chain(width).collect();
        let builder = self.file.new_dataset_builder().empty::<T>();
        let builder = match compression {
            // An empty dataset can't have chunks; short ones get larger by compressing.
            Compression::Gzip if rows > 0 && hdf5::filters::deflate_available() => {
                let chunk: Vec<usize> = std::iter::once(rows.min(CHUNK)).chain(width).collect();
                builder.chunk(chunk).deflate(4)
            }
            Compression::Gzip | Compression::None => builder,
        };
        let dataset = builder.shape(shape).create(path).map_err(|e| self.error(path, e))?;
        if !values.is_empty() {
            dataset.write_raw(values).map_err(|e| self.error(path, e))?;
        }
        Ok(())
    }

    /// Writes a dataset of variable length text.
    pub fn write_text(&self, path: &str, values: &[&str]) -> Result<(), Error> {
        let values = values.iter().map(|v| self.var_len(path, v)).collect::<Result<Vec<_>, _>>()?;
        self.write(path, &values, values.len(), None, Compression::None)
    }

    /// Writes a text attribute of a group or dataset.
    pub fn write_attribute_text(&self, path: &str, name: &str, value: &str) -> Result<(), Error> {
        let value = self.var_len(path, value)?;
        self.new_attribute(path, name, &[value], true)
    }

    /// Writes how the spikes of a group are sorted, as an enumeration: other readers of SONATA than BMTK want it so.
    pub fn write_sorting(&self, group: &str, sorting: Sorting) -> Result<(), Error> {
        self.new_attribute(group, "sorting", &[sorting], true)
    }

    /// How the spikes of a group are sorted, if the file says so as an enumeration.
    pub fn sorting(&self, group: &str) -> Option<Sorting> {
        self.file.group(group).ok()?.attr("sorting").ok()?.read_scalar().ok()
    }

    fn var_len(&self, path: &str, value: &str) -> Result<VarLenUnicode, Error> {
        value.parse().map_err(|e: hdf5::types::StringError| Error::Hdf5 {
            file: self.path.clone(),
            object: path.to_owned(),
            message: e.to_string(),
        })
    }

    fn new_attribute<T: hdf5::H5Type>(&self, path: &str, name: &str, values: &[T], scalar: bool) -> Result<(), Error> {
        let shape = if scalar { Vec::new() } else { vec![values.len()] };
        let builder = if let Ok(dataset) = self.file.dataset(path) {
            dataset.new_attr::<T>()
        } else {
            self.file.group(path).map_err(|e| self.error(path, e))?.new_attr::<T>()
        };
        let object = format!("{path}@{name}");
        let attribute = builder.shape(shape).create(name).map_err(|e| self.error(&object, e))?;
        match values {
            [value] if scalar => attribute.write_scalar(value).map_err(|e| self.error(&object, e)),
            _ => attribute.write_raw(values).map_err(|e| self.error(&object, e)),
        }
    }

    fn create_parent(&self, path: &str) -> Result<(), Error> {
        match path.rsplit_once('/') {
            Some((parent, _)) => self.create_group(parent),
            None => Ok(()),
        }
    }

    /// Creates a two-dimensional dataset of `f64` that is to be written in blocks of rows. What is not written reads
    /// as NaN. A `chunk` is so many elements; some of them are kept in memory.
    pub fn create_matrix(
        &self,
        path: &str,
        [rows, columns]: [usize; 2],
        chunk: usize,
        Stored { single, compression }: Stored,
    ) -> Result<Matrix, Error> {
        /// Columns in a chunk; a reader of one cell reads only the chunks of its columns.
        const CHUNK_COLUMNS: usize = 1024;
        /// The most memory for chunks that are not full yet, bytes.
        const CACHE: usize = 64 << 20;
        self.create_parent(path)?;
        let builder = self.file.new_dataset_builder();
        let builder = if single { builder.empty::<f32>() } else { builder.empty::<f64>() };
        let dataset = if rows == 0 || columns == 0 {
            builder.shape((rows, columns)).create(path)
        } else {
            let chunk_columns = columns.min(CHUNK_COLUMNS);
            let chunk_rows = (chunk / chunk_columns).clamp(1, rows);
            let band = columns.div_ceil(chunk_columns) * chunk_columns * chunk_rows * size_of::<f64>();
            let builder = if single { builder.fill_value(f32::NAN) } else { builder.fill_value(f64::NAN) };
            let builder = match compression {
                Compression::Gzip if hdf5::filters::deflate_available() => builder.deflate(4),
                Compression::Gzip | Compression::None => builder,
            };
            builder
                .chunk((chunk_rows, chunk_columns))
                .chunk_cache(1009, band.min(CACHE), 1.0)
                .shape((rows, columns))
                .create(path)
        };
        let dataset = dataset.map_err(|e| self.error(path, e))?;
        Ok(Matrix { file: self.path.clone(), object: path.to_owned(), dataset, rows, columns })
    }
}

/// A two-dimensional dataset that is being written.
#[derive(Debug)]
pub struct Matrix {
    file: PathBuf,
    object: String,
    dataset: hdf5::Dataset,
    rows: usize,
    columns: usize,
}

impl Matrix {
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Writes whole rows, given in row order, from row `first` on.
    pub fn write_rows(&self, first: usize, values: &[f64]) -> Result<(), Error> {
        if self.columns == 0 || values.is_empty() {
            return Ok(());
        }
        let count = values.len() / self.columns;
        if !values.len().is_multiple_of(self.columns) || first + count > self.rows {
            return Err(Error::Hdf5 {
                file: self.file.clone(),
                object: self.object.clone(),
                message: format!(
                    "{} values from row {first} on do not fit in {} rows of {} columns",
                    values.len(),
                    self.rows,
                    self.columns
                ),
            });
        }
        let view = ndarray::ArrayView2::from_shape((count, self.columns), values);
        let view = view.unwrap_or_else(|_| unreachable!("the length is count times columns"));
        let selection = ndarray::s![first..first + count, ..];
        self.dataset.write_slice(view, selection).map_err(|e| error(&self.file, &self.object, e))
    }
}

fn error(file: &Path, object: &str, e: hdf5::Error) -> Error {
    let message = e.to_string();
    // The first line holds the outermost reason.
    let message = match message.lines().next().unwrap_or_default() {
        line if line.contains("file signature not found") => "it is not an HDF5 file".to_owned(),
        line => line.to_owned(),
    };
    Error::Hdf5 { file: file.to_owned(), object: object.to_owned(), message }
}

fn strings<S: AsRef<str>>(values: hdf5::Result<Vec<S>>) -> hdf5::Result<Vec<String>> {
    Ok(values?.iter().map(|s| s.as_ref().to_owned()).collect())
}

/// `parent/name`, for any number of slashes at the end of `parent`.
pub fn join(parent: &str, name: &str) -> String {
    format!("{}/{name}", parent.trim_end_matches('/'))
}
