//! Where blocks of edges are kept: in memory up to a limit, then in temporary files. [`Cursor`]s read them back
//! sorted by target, a window at a time.

use super::Block;
use crate::{Column, Data, Error, Progress, Result};
use sonata::h5::Dtype;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much memory edges may take.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Bytes of all blocks in memory.
    pub memory: usize,
    /// Rows of a block.
    pub block_rows: usize,
    /// Where temporary files are made; `None` for the system's folder.
    pub folder: Option<PathBuf>,
    /// How far the building is.
    pub progress: Arc<Progress>,
    used: Arc<AtomicUsize>,
}

impl Limits {
    pub fn new(memory: usize, folder: Option<PathBuf>, progress: Arc<Progress>) -> Limits {
        /// Bytes of a row with one property.
        const ROW: usize = 24;
        Limits { memory, block_rows: (memory / 8 / ROW).max(1), folder, progress, used: Arc::default() }
    }
}

/// A block, wherever it is.
#[derive(Debug)]
pub(crate) struct Stored {
    place: Place,
    used: Arc<AtomicUsize>,
}

#[derive(Debug)]
enum Place {
    Memory(Block),
    Disk(OnDisk),
}

/// A block in a temporary file, sorted by target.
#[derive(Debug)]
struct OnDisk {
    file: File,
    rows: usize,
    synapses: u64,
    expanded: bool,
    /// Type and place of each column.
    columns: Vec<(Dtype, u64)>,
}

/// The blocks of an edge type.
#[derive(Debug)]
pub(crate) struct Store {
    blocks: Vec<Stored>,
}

impl Store {
    pub fn new() -> Store {
        Store { blocks: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    pub fn push(&mut self, block: Block, limits: &Limits) -> Result<()> {
        if block.is_empty() {
            return Ok(());
        }
        let mut stored = Stored { place: Place::Memory(Block::default()), used: limits.used.clone() };
        stored.put(block, limits)?;
        self.blocks.push(stored);
        Ok(())
    }

    pub fn blocks(&self) -> &[Stored] {
        &self.blocks
    }

    pub fn blocks_mut(&mut self) -> &mut [Stored] {
        &mut self.blocks
    }

    pub fn rows(&self) -> usize {
        self.blocks.iter().map(Stored::rows).sum()
    }

    pub fn synapses(&self) -> u64 {
        self.blocks.iter().map(Stored::synapses).sum()
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        if let Place::Memory(block) = &self.place {
            self.used.fetch_sub(block.size(), Ordering::Relaxed);
        }
    }
}

impl Stored {
    fn rows(&self) -> usize {
        match &self.place {
            Place::Memory(block) => block.len(),
            Place::Disk(disk) => disk.rows,
        }
    }

    fn synapses(&self) -> u64 {
        match &self.place {
            Place::Memory(block) => block.total_synapses(),
            Place::Disk(disk) => disk.synapses,
        }
    }

    #[cfg(test)]
    pub fn is_on_disk(&self) -> bool {
        matches!(self.place, Place::Disk(_))
    }

    /// Takes the block out, to be put back.
    pub fn take(&mut self) -> Result<Block> {
        match &mut self.place {
            Place::Memory(block) => {
                let block = std::mem::take(block);
                self.used.fetch_sub(block.size(), Ordering::Relaxed);
                Ok(block)
            }
            Place::Disk(disk) => disk.read(0..disk.rows),
        }
    }

    /// A copy of the block.
    pub fn load(&self) -> Result<Block> {
        match &self.place {
            Place::Memory(block) => Ok(block.clone()),
            Place::Disk(disk) => disk.read(0..disk.rows),
        }
    }

    /// Keeps a block in memory if it fits, else in a file.
    pub fn put(&mut self, block: Block, limits: &Limits) -> Result<()> {
        let size = block.size();
        let before = limits.used.fetch_add(size, Ordering::Relaxed);
        self.place = if before + size <= limits.memory {
            Place::Memory(block)
        } else {
            limits.used.fetch_sub(size, Ordering::Relaxed);
            let mut order: Vec<u32> = (0..block.len() as u32).collect();
            order.sort_by_key(|&row| block.targets[row as usize]);
            Place::Disk(OnDisk::write(&block.permuted(&order), limits)?)
        };
        Ok(())
    }
}

fn io(source: std::io::Error) -> Error {
    Error::io("temporary file of edges", source)
}

impl OnDisk {
    fn write(block: &Block, limits: &Limits) -> Result<OnDisk> {
        let file = match &limits.folder {
            Some(folder) => tempfile::tempfile_in(folder).map_err(|e| Error::io(folder, e))?,
            None => tempfile::tempfile().map_err(|e| Error::io(std::env::temp_dir(), e))?,
        };
        let mut out = BufWriter::with_capacity(1 << 20, file);
        let mut at = 0u64;
        let mut put = |bytes: &[u8]| -> Result<()> {
            at += bytes.len() as u64;
            out.write_all(bytes).map_err(io)
        };
        for ids in [&block.sources, &block.targets, &block.counts] {
            ids.iter().try_for_each(|id| put(&id.to_le_bytes()))?;
        }
        let fixed = 4 * (block.sources.len() + block.targets.len() + block.counts.len()) as u64;
        let mut place = fixed;
        let mut columns = Vec::new();
        for column in &block.columns {
            columns.push((column.dtype(), place));
            match column.data() {
                Data::Integers(v) => v.iter().try_for_each(|v| put(&v.to_le_bytes()))?,
                Data::Floats(v) => v.iter().try_for_each(|v| put(&v.to_le_bytes()))?,
                Data::Texts(v) => {
                    // Where each text ends, then the texts.
                    let mut end = 0u64;
                    for text in v {
                        end += text.len() as u64;
                        put(&end.to_le_bytes())?;
                    }
                    v.iter().try_for_each(|text| put(text.as_bytes()))?;
                    place += end;
                }
            }
            place += 8 * block.len() as u64;
        }
        let file = out.into_inner().map_err(|e| io(e.into_error()))?;
        let expanded = block.counts.is_empty();
        Ok(OnDisk { file, rows: block.len(), synapses: block.total_synapses(), expanded, columns })
    }

    fn bytes(&self, at: u64, len: usize) -> Result<Vec<u8>> {
        let mut file = &self.file;
        let mut bytes = vec![0; len];
        file.seek(SeekFrom::Start(at)).map_err(io)?;
        file.read_exact(&mut bytes).map_err(io)?;
        Ok(bytes)
    }

    fn read(&self, rows: std::ops::Range<usize>) -> Result<Block> {
        let section = |number: usize| -> Result<Vec<u32>> {
            let at = 4 * (number * self.rows + rows.start) as u64;
            let bytes = self.bytes(at, 4 * rows.len())?;
            Ok(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
        };
        let words = |at: u64, rows: &std::ops::Range<usize>| -> Result<Vec<[u8; 8]>> {
            let bytes = self.bytes(at + 8 * rows.start as u64, 8 * rows.len())?;
            Ok(bytes.chunks_exact(8).map(|b| [b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]).collect())
        };
        let mut columns = Vec::new();
        for &(dtype, at) in &self.columns {
            columns.push(match dtype {
                Dtype::F32 | Dtype::F64 => {
                    Column::floats(words(at, &rows)?.into_iter().map(f64::from_le_bytes).collect(), dtype)
                }
                Dtype::Text => {
                    let start = if rows.start == 0 {
                        0
                    } else {
                        words(at, &(rows.start - 1..rows.start))?
                            .into_iter()
                            .map(u64::from_le_bytes)
                            .next()
                            .unwrap_or(0)
                    };
                    let ends: Vec<u64> = words(at, &rows)?.into_iter().map(u64::from_le_bytes).collect();
                    let length = ends.last().map_or(0, |&end| (end - start) as usize);
                    let text = self.bytes(at + 8 * self.rows as u64 + start, length)?;
                    let mut from = start;
                    let texts = ends.iter().map(|&end| {
                        let part = &text[(from - start) as usize..(end - start) as usize];
                        from = end;
                        String::from_utf8_lossy(part).into_owned()
                    });
                    Column::texts(texts.collect())
                }
                _ => {
                    let values = words(at, &rows)?.into_iter().map(i64::from_le_bytes).collect();
                    Column::integers(values, dtype)
                        .unwrap_or_else(|| unreachable!("the values were in a column of that type"))
                }
            });
        }
        let counts = if self.expanded { Vec::new() } else { section(2)? };
        Ok(Block { sources: section(0)?, targets: section(1)?, counts, columns })
    }
}

/// Reads a block by ascending row of the target, a window at a time.
pub(crate) struct Cursor<'a> {
    stored: &'a Stored,
    /// The rows of a block in memory by target; those of a file are sorted.
    order: Option<Vec<u32>>,
    at: usize,
    /// Read, but not given yet.
    pub window: Block,
}

impl<'a> Cursor<'a> {
    pub fn new(stored: &'a Stored) -> Cursor<'a> {
        let order = match &stored.place {
            Place::Memory(block) if !block.targets.is_sorted() => {
                let mut order: Vec<u32> = (0..block.len() as u32).collect();
                order.sort_by_key(|&row| block.targets[row as usize]);
                Some(order)
            }
            Place::Memory(_) | Place::Disk(_) => None,
        };
        Cursor { stored, order, at: 0, window: Block::default() }
    }

    /// Whether all rows were read.
    pub fn is_at_end(&self) -> bool {
        self.at == self.stored.rows()
    }

    /// Reads more rows into the window.
    pub fn read(&mut self, rows: usize) -> Result<()> {
        let end = (self.at + rows).min(self.stored.rows());
        let more = match &self.stored.place {
            Place::Disk(disk) => disk.read(self.at..end)?,
            Place::Memory(block) => match &self.order {
                Some(order) => block.permuted(&order[self.at..end]),
                None => block.permuted(&(self.at as u32..end as u32).collect::<Vec<u32>>()),
            },
        };
        self.at = end;
        if self.window.is_empty() {
            self.window = more;
        } else {
            self.window.append(more);
        }
        Ok(())
    }

    /// The last target in the window.
    pub fn last(&self) -> Option<u32> {
        self.window.targets.last().copied()
    }

    /// Takes the rows whose target is less than `bound` out of the window.
    pub fn take_below(&mut self, bound: Option<u32>) -> Block {
        let Some(bound) = bound else { return std::mem::take(&mut self.window) };
        let end = self.window.targets.partition_point(|&t| t < bound) as u32;
        let taken = self.window.permuted(&(0..end).collect::<Vec<u32>>());
        self.window = self.window.permuted(&(end..self.window.len() as u32).collect::<Vec<u32>>());
        taken
    }
}
