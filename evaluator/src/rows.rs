//! Instances of a block as portions of neighbouring elements: where their values lie, and those that lie apart gathered.
//! All pointer arithmetic on blocks is here.

use crate::code::{Cell, Memory};
use crate::operation::WIDTH;
use codegen::abi::Block;
use codegen::back::variables::Variable;

/// Instances in a portion: the registers of most kernels stay in the nearest cache, and the choice of an instruction is
/// paid once for that many.
pub const CHUNK: usize = 128;

/// Some neighbouring instances of a block.
pub struct Portion<'a, R> {
    pub block: &'a Block<R>,
    /// The first instance.
    pub first: usize,
    /// How many.
    pub count: usize,
}

/// The values of a variable at the nodes: `values[rows[row] + lane]`.
#[derive(Clone, Copy)]
struct AtNodes<R> {
    values: *mut R,
    rows: *const u32,
}

impl<'a, R: Copy> Portion<'a, R> {
    /// The next portion of `block` from instance `first` on; `apart` if no two may share a node.
    ///
    /// # Safety
    /// The block is valid, and has instances from `first` on.
    pub unsafe fn new(block: &'a Block<R>, first: usize, apart: bool) -> Self {
        let rest = block.rows * block.lanes - first;
        let whole = if rest > WIDTH { rest - rest % WIDTH } else { rest };
        let count = whole.min(CHUNK);
        let portion = Self { block, first, count };
        if !apart {
            return portion;
        }
        // Rows go on while their nodes rise.
        let (row, end) = (portion.row(0), portion.row(count - 1));
        // SAFETY: rows of the block.
        let rising = |row: &usize| unsafe { *block.node.add(row + 1) > *block.node.add(*row) };
        match (row..end).find(|row| !rising(row)) {
            Some(last) => Self { block, first, count: (last + 1) * block.lanes - first },
            None => portion,
        }
    }

    /// The row of an instance.
    pub fn row(&self, at: usize) -> usize {
        (self.first + at) / self.block.lanes
    }

    /// Whether loops need no room behind the last instance.
    pub fn is_whole(&self) -> bool {
        self.count.is_multiple_of(WIDTH)
    }

    /// Where the instances' values of a column lie, and whether side by side: else all rows are one.
    fn column(&self, column: usize) -> (*mut R, bool) {
        // SAFETY: the block is one of this mechanism, with all its columns.
        let column = unsafe { &*self.block.columns.add(column) };
        let beside = column.stride != 0 || self.block.rows == 1;
        (if beside { column.values.wrapping_add(self.first) } else { column.values }, beside)
    }

    /// The instances' elements `at..at + count` that lie side by side in the one row of a column, and where.
    fn runs_of_one_row(&self) -> impl Iterator<Item = (usize, usize, usize)> + use<'_, 'a, R> {
        let (lanes, end) = (self.block.lanes, self.first + self.count);
        let mut instance = self.first;
        std::iter::from_fn(move || {
            (instance < end).then(|| {
                let (lane, at) = (instance % lanes, instance - self.first);
                let count = (lanes - lane).min(end - instance);
                instance += count;
                (at, count, lane)
            })
        })
    }

    fn at_nodes(&self, what: Cell) -> Option<AtNodes<R>> {
        let (block, rows) = (self.block, self.block.node);
        let values = match what {
            Cell::V | Cell::Variable(Variable::V) => block.v,
            Cell::Area => block.area.cast_mut(),
            Cell::Diam => block.diam.cast_mut(),
            Cell::Variable(Variable::Rhs) => block.rhs,
            Cell::Variable(Variable::Diagonal) => block.d,
            Cell::Variable(Variable::Ion(ion, field)) => {
                // SAFETY: the block is one of this mechanism, with all its ions.
                let ion = unsafe { &*block.ions.add(ion.0 as usize) };
                return Some(AtNodes { values: ion.values.wrapping_add(field.index() * ion.stride), rows: ion.row });
            }
            Cell::Variable(
                Variable::Column(_) | Variable::Global(_) | Variable::Net(_) | Variable::Each(_) | Variable::Local(_),
            ) => return None,
        };
        Some(AtNodes { values, rows })
    }

    /// The instances' elements `at..at + count` that lie side by side, and where.
    fn runs(&self, rows: *const u32) -> impl Iterator<Item = (usize, usize, usize)> + use<'_, 'a, R> {
        let (lanes, end) = (self.block.lanes, self.first + self.count);
        let mut instance = self.first;
        std::iter::from_fn(move || {
            (instance < end).then(|| {
                let (row, lane) = (instance / lanes, instance % lanes);
                let count = (lanes - lane).min(end - instance);
                // SAFETY: a row of the block.
                let place = unsafe { *rows.add(row) as usize } + lane;
                let at = instance - self.first;
                instance += count;
                (at, count, place)
            })
        })
    }

    /// Where all instances' values begin if they lie side by side.
    fn start(&self, rows: *const u32) -> Option<usize> {
        let (row, end) = (self.row(0), self.row(self.count - 1));
        // SAFETY: rows of the block.
        let node = |row: usize| unsafe { *rows.add(row) as usize };
        let beside = (row..end).all(|row| node(row + 1) == node(row) + self.block.lanes);
        beside.then(|| node(row) + self.first % self.block.lanes)
    }

    /// Where the values of a variable are for this portion: in place, or in `buffer`, to which they are copied if loaded.
    ///
    /// # Safety
    /// The block is valid; `buffer` has room for [`CHUNK`] elements; `net` is the arguments of a NetCon, or the kernel
    /// has none.
    pub unsafe fn find(&self, memory: Memory, buffer: *mut R, net: *mut R) -> *mut R {
        // SAFETY: promised by the caller; all places are those of the portion's instances.
        unsafe {
            if let Some(AtNodes { values, rows }) = self.at_nodes(memory.what) {
                if self.is_whole()
                    && let Some(start) = self.start(rows)
                {
                    return values.add(start);
                }
                if memory.load {
                    for (at, count, place) in self.runs(rows) {
                        copy(values.add(place), buffer.add(at), count);
                    }
                }
                return buffer;
            }
            match memory.what {
                Cell::Variable(Variable::Column(id)) => {
                    let (column, beside) = self.column(id.0 as usize);
                    if beside && self.is_whole() {
                        return column;
                    }
                    if memory.load && beside {
                        copy(column, buffer, self.count);
                    } else if memory.load {
                        for (at, count, lane) in self.runs_of_one_row() {
                            copy(column.add(lane), buffer.add(at), count);
                        }
                    }
                }
                Cell::Variable(Variable::Net(at)) if memory.load => *buffer = *net.add(at as usize),
                _ => {}
            }
            buffer
        }
    }

    /// Puts back what [`Portion::find`] has lent.
    ///
    /// # Safety
    /// As there.
    pub unsafe fn put_back(&self, memory: Memory, buffer: *mut R, net: *mut R) {
        // SAFETY: as in `find`.
        unsafe {
            if let Some(AtNodes { values, rows }) = self.at_nodes(memory.what) {
                for (at, count, place) in self.runs(rows) {
                    copy(buffer.add(at), values.add(place), count);
                }
                return;
            }
            match memory.what {
                Cell::Variable(Variable::Column(id)) => {
                    // What is stored in a row that all share is lost.
                    if let (column, true) = self.column(id.0 as usize) {
                        copy(buffer, column, self.count);
                    }
                }
                Cell::Variable(Variable::Net(at)) => *net.add(at as usize) = *buffer,
                _ => {}
            }
        }
    }

    /// Adds values to a variable at the nodes, row by row.
    ///
    /// # Safety
    /// The block is valid, and the values are as many as the portion has instances.
    pub unsafe fn add(&self, what: Cell, values: &[(*const R, bool)])
    where
        R: std::ops::Add<Output = R> + std::ops::Sub<Output = R>,
    {
        let Some(AtNodes { values: target, rows }) = self.at_nodes(what) else { return };
        for (at, count, place) in self.runs(rows) {
            for &(value, subtract) in values {
                for lane in 0..count {
                    // SAFETY: promised by the caller.
                    unsafe {
                        let (to, x) = (target.add(place + lane), *value.add(at + lane));
                        *to = if subtract { *to - x } else { *to + x };
                    }
                }
            }
        }
    }
}

/// # Safety
/// Both are valid for `count` elements and do not overlap.
#[inline(always)]
unsafe fn copy<R: Copy>(from: *const R, to: *mut R, count: usize) {
    // SAFETY: promised by the caller.
    unsafe { if count == 1 { *to = *from } else { std::ptr::copy_nonoverlapping(from, to, count) } }
}
