//! Instances of a block as portions of neighbouring elements: where their values lie, and those that lie apart gathered.
//! All pointer arithmetic on blocks is here.

use crate::code::{Cell, Guard, Memory};
use crate::operation::{AddRuns, Run, WIDTH};
use crate::program::Rows;
use codegen::abi::{Block, Column};
use codegen::back::variables::Variable;

/// Some neighbouring instances of a block.
pub struct Portion<'a, R> {
    pub block: &'a Block<R>,
    /// The first instance.
    pub first: usize,
    /// How many.
    pub count: usize,
}

/// Where the values of a variable are during a call.
#[derive(Clone, Copy, Debug)]
pub enum Source<R> {
    /// Side by side, the first instance's here.
    Beside(*mut R),
    /// In rows: the first one's here, and the distance between rows.
    Strided(*mut R, usize),
    /// At nodes: those of node 0 here; index of the rows in [`Program::rows`](crate::program::Program::rows).
    Nodes(*mut R, usize),
    /// An argument of the NetCon.
    Argument(*mut R),
    /// In the buffer already, for all portions; or nobody wants them.
    Buffer,
}

impl<R: Copy> Source<R> {
    /// Finds a variable of `block`; `rows` is the index of its rows. What is the same for all portions of `chunk` instances
    /// is copied to `buffer`; with 0 nothing is.
    ///
    /// # Safety
    /// The block is valid; `buffer` has room for `chunk` elements; `net` is the arguments of a NetCon, or the kernel has
    /// none.
    #[inline(always)]
    pub unsafe fn find(
        block: &Block<R>,
        memory: Memory,
        rows: Option<(Rows, usize)>,
        chunk: usize,
        buffer: *mut R,
        net: *mut R,
    ) -> Self {
        let wanted = match memory.guard {
            None => true,
            Some(Guard::Observed) => block.observed != 0,
            Some(Guard::Currents) => block.currents != 0,
        };
        if !wanted {
            return Source::Buffer;
        }
        // Portions begin with a row if rows fit in.
        let repeats = chunk > 0 && chunk.is_multiple_of(block.lanes) && memory.load && !memory.store;
        // SAFETY: promised by the caller; the block is one of this mechanism, with all its columns and ions.
        unsafe {
            let row = match (memory.what, rows) {
                (what, Some((rows, index))) => {
                    let (values, first) = (at_nodes(block, what), rows_of(block, rows));
                    let is_shared = || (1..block.rows).all(|row| *first.add(row) == *first);
                    if !(repeats && block.rows > 1 && is_shared()) {
                        return Source::Nodes(values, index);
                    }
                    values.add(*first as usize)
                }
                (Cell::Variable(Variable::Column(id)), None) => {
                    let Column { values, stride } = *block.columns.add(id.0 as usize);
                    if stride == block.lanes || block.rows == 1 {
                        return Source::Beside(values);
                    }
                    if !(repeats && stride == 0) {
                        return Source::Strided(values, stride);
                    }
                    values
                }
                (Cell::Variable(Variable::Net(at)), None) => return Source::Argument(net.add(at as usize)),
                (_, None) => return Source::Buffer,
            };
            for at in (0..chunk.min(block.rows * block.lanes)).step_by(block.lanes) {
                copy(row, buffer.add(at), block.lanes);
            }
        }
        Source::Buffer
    }
}

/// The values of a variable at all nodes.
///
/// # Safety
/// The block is one of this mechanism, with all its ions.
unsafe fn at_nodes<R>(block: &Block<R>, what: Cell) -> *mut R {
    match what {
        Cell::V | Cell::Variable(Variable::V) => block.v,
        Cell::Area => block.area.cast_mut(),
        Cell::Diam => block.diam.cast_mut(),
        Cell::Variable(Variable::Rhs) => block.rhs,
        Cell::Variable(Variable::Diagonal) => block.d,
        Cell::Variable(Variable::Ion(ion, field)) => {
            // SAFETY: promised by the caller.
            let ion = unsafe { &*block.ions.add(ion.0 as usize) };
            ion.values.wrapping_add(field.index() * ion.stride)
        }
        Cell::Variable(
            Variable::Column(_) | Variable::Global(_) | Variable::Net(_) | Variable::Each(_) | Variable::Local(_),
        ) => std::ptr::null_mut(),
    }
}

/// # Safety
/// As [`at_nodes`].
unsafe fn rows_of<R>(block: &Block<R>, rows: Rows) -> *const u32 {
    match rows {
        Rows::OfNodes => block.node,
        // SAFETY: promised by the caller.
        Rows::OfIon(ion) => unsafe { (*block.ions.add(ion as usize)).row },
    }
}

impl<'a, R: Copy> Portion<'a, R> {
    /// The next portion of at most `chunk` instances of `block` from `first` on; `apart` if no two may share a node.
    ///
    /// # Safety
    /// The block is valid, and has instances from `first` on.
    pub unsafe fn new(block: &'a Block<R>, first: usize, chunk: usize, apart: bool) -> Self {
        let rest = block.rows * block.lanes - first;
        let whole = if rest > WIDTH { rest - rest % WIDTH } else { rest };
        let portion = Self { block, first, count: whole.min(chunk) };
        if !apart {
            return portion;
        }
        // Rows go on while their nodes rise.
        let (row, end) = (portion.row(0), portion.row(portion.count - 1));
        // SAFETY: rows of the block.
        let rising = |row: &usize| unsafe { *block.node.add(row + 1) > *block.node.add(*row) };
        match (row..end).find(|row| !rising(row)) {
            Some(last) => Self { count: (last + 1) * block.lanes - first, ..portion },
            None => portion,
        }
    }

    /// The row of an instance.
    pub fn row(&self, at: usize) -> usize {
        (self.first + at) / self.block.lanes
    }

    /// Whether loops need no room behind the last instance.
    fn is_whole(&self) -> bool {
        self.count.is_multiple_of(WIDTH)
    }

    /// Calls `visit` with first element, count, row and first lane of each row, or part of one.
    fn each_row(&self, mut visit: impl FnMut(usize, usize, usize, usize)) {
        let lanes = self.block.lanes;
        let (mut at, mut row, mut lane) = (0, self.row(0), self.first % lanes);
        while at < self.count {
            let count = (lanes - lane).min(self.count - at);
            visit(at, count, row, lane);
            (at, row, lane) = (at + count, row + 1, 0);
        }
    }

    /// Where the instances' values of nodes lie, in as few runs as can be.
    ///
    /// # Safety
    /// The block is one of this mechanism, with all its rows.
    pub unsafe fn find_runs(&self, rows: Rows, runs: &mut Vec<Run>) {
        runs.clear();
        let mut last = Run { at: 0, count: 0, place: 0 };
        self.each_row(|at, count, row, lane| {
            // SAFETY: promised by the caller.
            let place = unsafe { *rows_of(self.block, rows).add(row) } + lane as u32;
            if last.place + last.count == place && last.count > 0 {
                last.count += count as u32;
            } else {
                if last.count > 0 {
                    runs.push(last);
                }
                last = Run { at: at as u32, count: count as u32, place };
            }
        });
        runs.push(last);
    }

    /// Where the portion's values are: in place, or in `buffer`, to which they are copied if `load`.
    ///
    /// # Safety
    /// The source is one of the block, `buffer` has room, and `runs` are those of the source's rows, if it has some.
    pub unsafe fn lend(&self, source: Source<R>, load: bool, runs: &[Vec<Run>], buffer: *mut R) -> *mut R {
        // SAFETY: promised by the caller; all places are those of the portion's instances.
        unsafe {
            match source {
                Source::Beside(values) if self.is_whole() => return values.add(self.first),
                Source::Beside(values) if load => copy(values.add(self.first), buffer, self.count),
                Source::Strided(values, stride) if load => {
                    self.each_row(|at, count, row, lane| {
                        copy(values.add(row * stride + lane), buffer.add(at), count);
                    });
                }
                Source::Nodes(values, rows) => {
                    if let [run] = runs[rows].as_slice()
                        && self.is_whole()
                    {
                        return values.add(run.place as usize);
                    }
                    if load {
                        for run in &runs[rows] {
                            copy(values.add(run.place as usize), buffer.add(run.at as usize), run.count as usize);
                        }
                    }
                }
                Source::Argument(argument) if load => *buffer = *argument,
                Source::Beside(_) | Source::Strided(..) | Source::Argument(_) | Source::Buffer => {}
            }
            buffer
        }
    }

    /// Puts back what [`Portion::lend`] has lent in `buffer`. What is stored in a row that all share is lost.
    ///
    /// # Safety
    /// As there.
    pub unsafe fn put_back(&self, source: Source<R>, runs: &[Vec<Run>], buffer: *mut R) {
        // SAFETY: as in `lend`.
        unsafe {
            match source {
                Source::Beside(values) => copy(buffer, values.add(self.first), self.count),
                Source::Strided(values, stride) if stride > 0 => {
                    self.each_row(|at, count, row, lane| {
                        copy(buffer.add(at), values.add(row * stride + lane), count);
                    });
                }
                Source::Nodes(values, rows) => {
                    for run in &runs[rows] {
                        copy(buffer.add(run.at as usize), values.add(run.place as usize), run.count as usize);
                    }
                }
                Source::Argument(argument) => *argument = *buffer,
                Source::Strided(..) | Source::Buffer => {}
            }
        }
    }
}

/// Adds values to a variable at the nodes. Instances that share one add in their order, each its values in theirs.
///
/// # Safety
/// The values are as many as the runs say, and the target has all of their places.
pub unsafe fn add<R>(target: *mut R, runs: &[Run], values: &[(*const R, AddRuns<R>)]) {
    // SAFETY: promised by the caller.
    unsafe {
        match values {
            [(value, add)] => add(target, *value, runs),
            _ => {
                for run in runs {
                    values.iter().for_each(|(value, add)| add(target, *value, std::slice::from_ref(run)));
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
