//! A block's arrays, cut into rows of lanes. All pointer arithmetic of the kernels is here.
//!
//! The caller of a kernel guarantees that its [`Block`] is one of this mechanism, that every array is as long as `abi`
//! says, that no two arrays overlap, and that nobody else uses them meanwhile. A kernel borrows each column, ion field and
//! node value at most once per row, so no two borrows overlap either.

use crate::Real;
use crate::abi::{Block, Outbox, post};
use std::cell::Cell;

/// Positions of the fields of an ion.
pub mod field {
    /// Reversal potential, mV.
    pub const EREV: usize = 0;
    /// Inside concentration, mM.
    pub const CONCI: usize = 1;
    /// Outside concentration, mM.
    pub const CONCO: usize = 2;
    /// Current, mA/cm2.
    pub const CURRENT: usize = 3;
    /// Its derivative with respect to v, S/cm2.
    pub const DIDV: usize = 4;
}

/// Sends the events of one instance.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    outbox: &'a Outbox<Real>,
    row: usize,
}

impl Post<'_> {
    /// `net_send`.
    pub fn send(self, delay: Real, flag: Real) {
        self.post(post::SEND, delay, flag);
    }

    /// `net_event`.
    pub fn event(self, t: Real) {
        self.post(post::EVENT, t, 0.0);
    }

    /// `net_move`.
    pub fn move_to(self, t: Real) {
        self.post(post::MOVE, t, 0.0);
    }

    fn post(self, kind: u32, value: Real, flag: Real) {
        // SAFETY: the caller of the kernel provides the function with its context.
        unsafe { (self.outbox.post)(self.outbox.context, kind, self.row, value, flag) }
    }
}

/// The arguments of the NetCons that end in one instance.
#[derive(Clone, Copy)]
pub struct Netcons<'a> {
    offsets: &'a [u32],
    arguments: *mut Real,
    count: usize,
}

impl<'a> Netcons<'a> {
    /// One NetCon after the other.
    pub fn iter(self) -> impl Iterator<Item = &'a [Cell<Real>]> {
        self.offsets.iter().map(move |&offset| {
            // SAFETY: `Rows::netcons` has been promised that there are as many; all borrows of them are of cells.
            unsafe { std::slice::from_raw_parts(self.arguments.add(offset as usize).cast(), self.count) }
        })
    }
}

/// Most lanes that a kernel in parts takes at a time: 512 bytes.
pub const TILE: usize = 512 / size_of::<Real>();

/// The rows of a block: all lanes of each, some, or one.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    block: &'a Block<Real>,
    first: usize,
    lanes: usize,
}

impl<'a> Rows<'a> {
    /// All lanes.
    ///
    /// # Safety
    /// `block` is valid for `'a`, as the module says.
    pub unsafe fn all(block: *const Block<Real>) -> Self {
        // SAFETY: promised by the caller.
        let block = unsafe { &*block };
        Self { block, first: 0, lanes: block.lanes }
    }

    /// One lane.
    ///
    /// # Safety
    /// `block` is valid for `'a`, as the module says, and has this lane.
    pub unsafe fn one(block: *const Block<Real>, lane: usize) -> Self {
        // SAFETY: promised by the caller.
        Self { block: unsafe { &*block }, first: lane, lanes: 1 }
    }

    /// The same rows, at most [`TILE`] lanes at a time.
    pub fn tiles(self) -> impl Iterator<Item = Self> {
        (0..self.lanes).step_by(TILE).map(move |first| Self {
            first: self.first + first,
            lanes: TILE.min(self.lanes - first),
            ..self
        })
    }

    /// Count of rows.
    pub fn count(&self) -> usize {
        self.block.rows
    }

    /// Lanes of each row.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Where the events of an instance go.
    pub fn post(&self, row: usize) -> Post<'a> {
        Post { outbox: &self.block.outbox, row }
    }

    /// The NetCons that end in a row, with `count` arguments each.
    ///
    /// # Safety
    /// The block has this row, the mechanism so many arguments, and no argument is borrowed but by cells.
    pub unsafe fn netcons(&self, row: usize, count: usize) -> Netcons<'a> {
        let netcons = &self.block.netcons;
        // SAFETY: promised by the caller.
        let offsets = unsafe {
            let (first, end) = (*netcons.first.add(row) as usize, *netcons.first.add(row + 1) as usize);
            std::slice::from_raw_parts(netcons.offsets.add(first), end - first)
        };
        Netcons { offsets, arguments: netcons.arguments, count }
    }

    /// The `count` shared values.
    ///
    /// # Safety
    /// The mechanism has `count` globals.
    #[inline(always)]
    pub unsafe fn globals(&self, count: usize) -> &'a [Real] {
        // SAFETY: promised by the caller.
        unsafe { std::slice::from_raw_parts(self.block.globals, count) }
    }

    /// # Safety
    /// `at..at + lanes` of `array`, less the first lane, is valid and not borrowed mutably.
    #[inline(always)]
    unsafe fn lend(&self, array: *const Real, at: usize) -> &'a [Real] {
        // SAFETY: promised by the caller.
        unsafe { std::slice::from_raw_parts(array.add(at + self.first), self.lanes) }
    }

    /// # Safety
    /// As `lend`, and not borrowed at all.
    #[inline(always)]
    unsafe fn lend_mut(&self, array: *mut Real, at: usize) -> &'a mut [Real] {
        // SAFETY: promised by the caller.
        unsafe { std::slice::from_raw_parts_mut(array.add(at + self.first), self.lanes) }
    }

    /// # Safety
    /// The block has this row.
    #[inline(always)]
    unsafe fn node(&self, row: usize) -> usize {
        // SAFETY: promised by the caller.
        unsafe { *self.block.node.add(row) as usize }
    }

    /// Whether values are stored that no kernel reads.
    pub fn observed(&self) -> bool {
        self.block.observed != 0
    }

    /// Whether the currents of ions are added up.
    pub fn currents(&self) -> bool {
        self.block.currents != 0
    }

    /// A row of a column, to be read.
    ///
    /// # Safety
    /// The block has this column and row, and the row is not borrowed mutably.
    #[inline(always)]
    pub unsafe fn column(&self, column: usize, row: usize) -> &'a [Real] {
        // SAFETY: promised by the caller.
        unsafe {
            let column = &*self.block.columns.add(column);
            self.lend(column.values, row * column.stride)
        }
    }

    /// A row of a column, to be written.
    ///
    /// # Safety
    /// The block has this column and row, and the row is not borrowed.
    #[inline(always)]
    pub unsafe fn column_mut(&self, column: usize, row: usize) -> &'a mut [Real] {
        // SAFETY: promised by the caller.
        unsafe {
            let column = &*self.block.columns.add(column);
            self.lend_mut(column.values, row * column.stride)
        }
    }

    /// Membrane potentials of a row, mV.
    ///
    /// # Safety
    /// The block has this row.
    #[inline(always)]
    pub unsafe fn v(&self, row: usize) -> &'a [Real] {
        // SAFETY: promised by the caller.
        unsafe { self.lend(self.block.v, self.node(row)) }
    }

    /// The same, to be written.
    ///
    /// # Safety
    /// The block has this row, and it is not borrowed.
    #[inline(always)]
    pub unsafe fn v_mut(&self, row: usize) -> &'a mut [Real] {
        // SAFETY: promised by the caller.
        unsafe { self.lend_mut(self.block.v, self.node(row)) }
    }

    /// Compartment areas of a row, um2.
    ///
    /// # Safety
    /// The block has this row.
    #[inline(always)]
    pub unsafe fn area(&self, row: usize) -> &'a [Real] {
        // SAFETY: promised by the caller.
        unsafe { self.lend(self.block.area, self.node(row)) }
    }

    /// Compartment diameters of a row, um.
    ///
    /// # Safety
    /// The block has this row.
    #[inline(always)]
    pub unsafe fn diam(&self, row: usize) -> &'a [Real] {
        // SAFETY: promised by the caller.
        unsafe { self.lend(self.block.diam, self.node(row)) }
    }

    /// Right-hand sides of a row, mA/cm2.
    ///
    /// # Safety
    /// The block has this row, and it is not borrowed.
    #[inline(always)]
    pub unsafe fn rhs(&self, row: usize) -> &'a mut [Real] {
        // SAFETY: promised by the caller.
        unsafe { self.lend_mut(self.block.rhs, self.node(row)) }
    }

    /// Diagonals of a row, mA/cm2/mV.
    ///
    /// # Safety
    /// The block has this row, and it is not borrowed.
    #[inline(always)]
    pub unsafe fn d(&self, row: usize) -> &'a mut [Real] {
        // SAFETY: promised by the caller.
        unsafe { self.lend_mut(self.block.d, self.node(row)) }
    }

    /// A row of a field of an ion, to be read.
    ///
    /// # Safety
    /// The block has this ion and row, and the row is not borrowed mutably.
    #[inline(always)]
    pub unsafe fn ion(&self, ion: usize, field: usize, row: usize) -> &'a [Real] {
        // SAFETY: promised by the caller.
        unsafe {
            let ion = &*self.block.ions.add(ion);
            self.lend(ion.values, field * ion.stride + *ion.row.add(row) as usize)
        }
    }

    /// A row of a field of an ion, to be written.
    ///
    /// # Safety
    /// The block has this ion and row, and the row is not borrowed.
    #[inline(always)]
    pub unsafe fn ion_mut(&self, ion: usize, field: usize, row: usize) -> &'a mut [Real] {
        // SAFETY: promised by the caller.
        unsafe {
            let ion = &*self.block.ions.add(ion);
            self.lend_mut(ion.values, field * ion.stride + *ion.row.add(row) as usize)
        }
    }
}
