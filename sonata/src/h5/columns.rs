//! Datasets that are written piece by piece, in any type of number: what a writer of networks needs, whose columns
//! may be larger than memory.

use super::{Compression, File, error};
use crate::error::Error;
use hdf5::types::VarLenUnicode;
use std::path::PathBuf;

/// The type of the elements of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dtype {
    /// False or true, as h5py stores it.
    Bool,
    /// Signed, 8 bits.
    I8,
    /// Signed, 16 bits.
    I16,
    /// Signed, 32 bits.
    I32,
    /// Signed, 64 bits.
    I64,
    /// Unsigned, 8 bits.
    U8,
    /// Unsigned, 16 bits.
    U16,
    /// Unsigned, 32 bits.
    U32,
    /// Unsigned, 64 bits.
    U64,
    /// Floating point, 32 bits.
    F32,
    /// Floating point, 64 bits.
    F64,
    /// Text of any length.
    Text,
}

impl Dtype {
    /// NumPy's name of the type; "str" for text.
    pub fn name(self) -> &'static str {
        match self {
            Dtype::Bool => "bool",
            Dtype::I8 => "int8",
            Dtype::I16 => "int16",
            Dtype::I32 => "int32",
            Dtype::I64 => "int64",
            Dtype::U8 => "uint8",
            Dtype::U16 => "uint16",
            Dtype::U32 => "uint32",
            Dtype::U64 => "uint64",
            Dtype::F32 => "float32",
            Dtype::F64 => "float64",
            Dtype::Text => "str",
        }
    }

    /// The type that NumPy calls `name`.
    pub fn from_name(name: &str) -> Option<Dtype> {
        Some(match name {
            "bool" => Dtype::Bool,
            "int8" => Dtype::I8,
            "int16" => Dtype::I16,
            "int32" => Dtype::I32,
            "int64" | "int" => Dtype::I64,
            "uint8" => Dtype::U8,
            "uint16" => Dtype::U16,
            "uint32" => Dtype::U32,
            "uint64" => Dtype::U64,
            "float32" => Dtype::F32,
            "float64" | "float" => Dtype::F64,
            "str" => Dtype::Text,
            _ => return None,
        })
    }

    /// The smallest and the largest integer of an integer type; booleans are 0 and 1.
    pub fn integer_range(self) -> Option<(i64, i64)> {
        Some(match self {
            Dtype::Bool => (0, 1),
            Dtype::I8 => (i8::MIN.into(), i8::MAX.into()),
            Dtype::I16 => (i16::MIN.into(), i16::MAX.into()),
            Dtype::I32 => (i32::MIN.into(), i32::MAX.into()),
            Dtype::I64 => (i64::MIN, i64::MAX),
            Dtype::U8 => (0, u8::MAX.into()),
            Dtype::U16 => (0, u16::MAX.into()),
            Dtype::U32 => (0, u32::MAX.into()),
            Dtype::U64 => (0, i64::MAX),
            Dtype::F32 | Dtype::F64 | Dtype::Text => return None,
        })
    }
}

impl std::fmt::Display for Dtype {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Elements in memory, to be written to a dataset of any type that can hold them.
#[derive(Debug, Clone, Copy)]
pub enum Elements<'a> {
    /// Integers.
    Integers(&'a [i64]),
    /// Floating point numbers.
    Floats(&'a [f64]),
    /// Texts.
    Texts(&'a [String]),
}

impl Elements<'_> {
    fn len(&self) -> usize {
        match self {
            Elements::Integers(v) => v.len(),
            Elements::Floats(v) => v.len(),
            Elements::Texts(v) => v.len(),
        }
    }
}

/// A dataset that is being written, whose size is known.
#[derive(Debug)]
pub struct ColumnWriter {
    file: PathBuf,
    object: String,
    dataset: hdf5::Dataset,
    dtype: Dtype,
    width: Option<usize>,
}

impl File {
    /// Creates a dataset of `rows` rows, to be written with [`ColumnWriter::write_at`]. With a `width` it has two
    /// dimensions.
    pub fn create_column(
        &self,
        path: &str,
        dtype: Dtype,
        rows: usize,
        width: Option<usize>,
        compression: Compression,
    ) -> Result<ColumnWriter, Error> {
        /// Elements in a chunk.
        const CHUNK: usize = 1 << 16;
        self.create_parent(path)?;
        macro_rules! dataset {
            ($type:ty) => {{
                let shape: Vec<usize> = std::iter::once(rows).chain(width).collect();
                let builder = self.file.new_dataset_builder().empty::<$type>();
                let builder = match compression {
                    // An empty dataset can't have chunks.
                    Compression::Gzip if rows > 0 && width != Some(0) && hdf5::filters::deflate_available() => {
                        let chunk: Vec<usize> = std::iter::once(rows.min(CHUNK)).chain(width).collect();
                        builder.chunk(chunk).deflate(4)
                    }
                    Compression::Gzip | Compression::None => builder,
                };
                builder.shape(shape).create(path)
            }};
        }
        let dataset = match dtype {
            Dtype::Bool => dataset!(bool),
            Dtype::I8 => dataset!(i8),
            Dtype::I16 => dataset!(i16),
            Dtype::I32 => dataset!(i32),
            Dtype::I64 => dataset!(i64),
            Dtype::U8 => dataset!(u8),
            Dtype::U16 => dataset!(u16),
            Dtype::U32 => dataset!(u32),
            Dtype::U64 => dataset!(u64),
            Dtype::F32 => dataset!(f32),
            Dtype::F64 => dataset!(f64),
            Dtype::Text => dataset!(VarLenUnicode),
        };
        let dataset = dataset.map_err(|e| self.error(path, e))?;
        Ok(ColumnWriter { file: self.path.clone(), object: path.to_owned(), dataset, dtype, width })
    }

    /// Gives an object a second name.
    pub fn link(&self, path: &str, second: &str) -> Result<(), Error> {
        self.create_parent(second)?;
        self.file.link_hard(path, second).map_err(|e| self.error(second, e))
    }

    /// Some rows of a dataset of integers that can't be negative.
    pub fn read_u64_range(&self, path: &str, rows: std::ops::Range<usize>) -> Result<Vec<u64>, Error> {
        let dataset = self.dataset(path)?;
        let part = dataset.read_slice_1d::<u64, _>(ndarray::s![rows]).map_err(|e| self.error(path, e))?;
        Ok(part.to_vec())
    }

    /// The type of the elements of a dataset, if it is one of [`Dtype`].
    pub fn dtype(&self, path: &str) -> Result<Option<Dtype>, Error> {
        use hdf5::types::{FloatSize, IntSize, TypeDescriptor as T};
        let dataset = self.dataset(path)?;
        Ok(Some(match self.descriptor(&dataset, path)? {
            T::Boolean => Dtype::Bool,
            T::Integer(IntSize::U1) => Dtype::I8,
            T::Integer(IntSize::U2) => Dtype::I16,
            T::Integer(IntSize::U4) => Dtype::I32,
            T::Integer(IntSize::U8) => Dtype::I64,
            T::Unsigned(IntSize::U1) => Dtype::U8,
            T::Unsigned(IntSize::U2) => Dtype::U16,
            T::Unsigned(IntSize::U4) => Dtype::U32,
            T::Unsigned(IntSize::U8) => Dtype::U64,
            T::Float(FloatSize::U4) => Dtype::F32,
            T::Float(FloatSize::U8) => Dtype::F64,
            T::VarLenAscii | T::VarLenUnicode | T::FixedAscii(_) | T::FixedUnicode(_) => Dtype::Text,
            _ => return Ok(None),
        }))
    }
}

impl ColumnWriter {
    /// Writes elements from row `first` on. A two-dimensional dataset takes whole rows, in row order. An element
    /// that the type of the dataset can't hold is an error.
    pub fn write_at(&self, first: usize, elements: Elements<'_>) -> Result<(), Error> {
        if elements.len() == 0 {
            return Ok(());
        }
        match self.dtype {
            Dtype::Bool => self.write(first, self.integers(elements)?, |v| Some(v != 0)),
            Dtype::I8 => self.write(first, self.integers(elements)?, |v| i8::try_from(v).ok()),
            Dtype::I16 => self.write(first, self.integers(elements)?, |v| i16::try_from(v).ok()),
            Dtype::I32 => self.write(first, self.integers(elements)?, |v| i32::try_from(v).ok()),
            Dtype::I64 => self.write(first, self.integers(elements)?, Some),
            Dtype::U8 => self.write(first, self.integers(elements)?, |v| u8::try_from(v).ok()),
            Dtype::U16 => self.write(first, self.integers(elements)?, |v| u16::try_from(v).ok()),
            Dtype::U32 => self.write(first, self.integers(elements)?, |v| u32::try_from(v).ok()),
            Dtype::U64 => self.write(first, self.integers(elements)?, |v| u64::try_from(v).ok()),
            Dtype::F32 => match elements {
                Elements::Floats(v) => self.write(first, v, |v| Some(v as f32)),
                Elements::Integers(v) => self.write(first, v, |v| Some(v as f32)),
                Elements::Texts(_) => Err(self.wrong("numbers")),
            },
            Dtype::F64 => match elements {
                Elements::Floats(v) => self.write(first, v, Some),
                Elements::Integers(v) => self.write(first, v, |v| Some(v as f64)),
                Elements::Texts(_) => Err(self.wrong("numbers")),
            },
            Dtype::Text => match elements {
                Elements::Texts(v) => self.write(first, v, |v| v.parse::<VarLenUnicode>().ok()),
                Elements::Integers(_) | Elements::Floats(_) => Err(self.wrong("texts")),
            },
        }
    }

    fn integers<'a>(&self, elements: Elements<'a>) -> Result<&'a [i64], Error> {
        match elements {
            Elements::Integers(v) => Ok(v),
            Elements::Floats(_) | Elements::Texts(_) => Err(self.wrong("integers")),
        }
    }

    fn wrong(&self, expected: &'static str) -> Error {
        let found = "others".to_owned();
        Error::WrongKind { file: self.file.clone(), object: self.object.clone(), expected, found }
    }

    fn write<S: Clone, T: hdf5::H5Type>(
        &self,
        first: usize,
        values: &[S],
        convert: impl Fn(S) -> Option<T>,
    ) -> Result<(), Error> {
        let mut out = Vec::with_capacity(values.len());
        for (i, value) in values.iter().enumerate() {
            out.push(convert(value.clone()).ok_or_else(|| Error::BadRow {
                file: self.file.clone(),
                object: self.object.clone(),
                row: first + i / self.width.unwrap_or(1).max(1),
                message: format!("the value does not fit in {}", self.dtype),
            })?);
        }
        let written = match self.width {
            None => {
                let rows = first..first + out.len();
                self.dataset.write_slice(&ndarray::Array1::from_vec(out), ndarray::s![rows])
            }
            Some(width) => {
                let rows = out.len() / width.max(1);
                let table = ndarray::Array2::from_shape_vec((rows, width), out).map_err(|e| Error::Hdf5 {
                    file: self.file.clone(),
                    object: self.object.clone(),
                    message: e.to_string(),
                })?;
                self.dataset.write_slice(&table, ndarray::s![first..first + rows, ..])
            }
        };
        written.map_err(|e| error(&self.file, &self.object, e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_all_types_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("columns.h5");
        {
            let file = File::create(&path).unwrap();
            let ids = file.create_column("/a/ids", Dtype::U32, 4, None, Compression::Gzip).unwrap();
            ids.write_at(2, Elements::Integers(&[7, 8])).unwrap();
            ids.write_at(0, Elements::Integers(&[5, 6])).unwrap();
            let error = ids.write_at(1, Elements::Integers(&[-1])).unwrap_err().to_string();
            assert!(error.ends_with("/a/ids: row 1: the value does not fit in uint32"), "{error}");
            assert!(ids.write_at(0, Elements::Floats(&[0.5])).is_err());
            let rows = file.create_column("/a/rows", Dtype::F64, 2, Some(3), Compression::Gzip).unwrap();
            rows.write_at(1, Elements::Floats(&[4.0, 5.0, 6.0])).unwrap();
            rows.write_at(0, Elements::Floats(&[1.0, 2.0, 3.0])).unwrap();
            let text = file.create_column("/a/text", Dtype::Text, 2, None, Compression::Gzip).unwrap();
            text.write_at(0, Elements::Texts(&["x".to_owned(), "much longer".to_owned()])).unwrap();
            let flags = file.create_column("/a/flags", Dtype::Bool, 2, None, Compression::None).unwrap();
            flags.write_at(0, Elements::Integers(&[0, 1])).unwrap();
        }
        let file = File::open(&path).unwrap();
        assert_eq!(file.read_u64("/a/ids").unwrap(), [5, 6, 7, 8]);
        assert_eq!(file.read_u64_range("/a/ids", 1..3).unwrap(), [6, 7]);
        assert_eq!(file.read_f64("/a/rows").unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(file.read_text("/a/text").unwrap(), ["x", "much longer"]);
        assert_eq!(file.dtype("/a/ids").unwrap(), Some(Dtype::U32));
        assert_eq!(file.dtype("/a/flags").unwrap(), Some(Dtype::Bool));
        assert_eq!(file.dtype("/a/text").unwrap(), Some(Dtype::Text));
    }
}
