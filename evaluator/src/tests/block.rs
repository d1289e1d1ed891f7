//! Blocks with arrays around them, filled with numbers that look like a simulation's.

use crate::Real;
use codegen::abi::{Block, Clock, Column, IonColumns, NetconsOfBlock, Outbox};
use codegen::ir::evaluate::Instance;
use codegen::ir::{ColumnId, Mechanism, Place};
use codegen::passes::flow;
use std::ffi::c_void;

/// How instances lie.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub rows: usize,
    pub lanes: usize,
    /// Rows leave nodes between them.
    pub gaps: bool,
    /// Several rows have one node.
    pub shared: bool,
    /// Nobody looks at what no kernel needs, and columns that nobody changes have one row.
    pub bare: bool,
}

/// A real with comparable bits.
pub trait Bits: Real {
    fn bits(self) -> u64;
    fn rounded(x: f64) -> Self;
}

impl Bits for f64 {
    fn bits(self) -> u64 {
        if self.is_nan() { u64::MAX } else { self.to_bits() }
    }
    fn rounded(x: f64) -> Self {
        x
    }
}

impl Bits for f32 {
    fn bits(self) -> u64 {
        if self.is_nan() { u64::MAX } else { u64::from(self.to_bits()) }
    }
    fn rounded(x: f64) -> Self {
        x as f32
    }
}

/// What a kernel is called with.
pub struct Call<'a, R> {
    pub block: Block<R>,
    pub clock: Clock<R>,
    pub received: Option<(usize, *mut R, R)>,
    _world: std::marker::PhantomData<&'a mut World<R>>,
}

/// The arrays of a block.
pub struct World<R> {
    shape: Shape,
    columns: Vec<R>,
    /// Columns of which all rows are one.
    one_row: Vec<bool>,
    globals: Vec<R>,
    node: Vec<u32>,
    nodes: [Vec<R>; 5],
    ions: Vec<Vec<R>>,
    arguments: Vec<R>,
    netcon_first: Vec<u32>,
    netcon_offsets: Vec<u32>,
    posts: Vec<(u32, usize, R, R)>,
    t: f64,
    /// Everything after each kernel.
    record: Vec<(String, Vec<R>)>,
}

/// NetCons that end in a row, at most.
const NETCONS: usize = 3;

/// Numbers in 0..1 (Knuth's generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl<R: Bits> World<R> {
    pub fn new(mechanism: &Mechanism, shape: Shape) -> Self {
        let Shape { rows, lanes, gaps, shared, bare } = shape;
        let mut dice = Dice(rows as u64);
        let node: Vec<u32> = (0..rows)
            .map(|row| {
                let place = if shared { row / 4 } else { row };
                (if gaps { place + place / 3 } else { place } * lanes) as u32
            })
            .collect();
        let count = (rows + rows / 3 + 1) * lanes;
        let carried = flow::carried(mechanism);
        let changes = |place: Place| {
            mechanism.kernels.iter().any(|(_, kernel)| flow::writes(&kernel.body).places.contains(&place))
        };
        let one_row = (0..mechanism.columns.len() as u32)
            .map(|id| Place::Column(ColumnId(id)))
            .map(|place| bare && !(changes(place) && carried.contains(&place)))
            .collect();
        let mut columns = Vec::new();
        for column in &mechanism.columns {
            for _ in 0..rows * lanes {
                let x = dice.roll();
                let value = match column.default {
                    // A part of a stream of random numbers.
                    _ if column.name.contains('.') => (x * 1000.0).floor(),
                    0.0 => x,
                    default => default * (0.75 + 0.5 * x),
                };
                columns.push(R::rounded(value));
            }
        }
        let mut fill = |low: f64, high: f64, count: usize| -> Vec<R> {
            (0..count).map(|_| R::rounded(low + (high - low) * dice.roll())).collect()
        };
        let nodes = [
            fill(-90.0, 40.0, count),
            fill(-1.0, 1.0, count),
            fill(0.0, 1.0, count),
            fill(50.0, 500.0, count),
            fill(0.5, 5.0, count),
        ];
        let ions = mechanism
            .ions
            .iter()
            .map(|_| {
                [(-90.0, 120.0), (1e-4, 10.0), (1.0, 140.0), (-0.1, 0.1), (0.0, 0.1)]
                    .into_iter()
                    .flat_map(|(low, high)| fill(low, high, count))
                    .collect()
            })
            .collect();
        let per_netcon = mechanism.net_arguments.len().max(1);
        let arguments = fill(0.0, 1.0, rows * NETCONS * per_netcon);
        let of_row = |row: usize| row % NETCONS + 1;
        let netcon_first = (0..=rows).map(|row| (0..row).map(of_row).sum::<usize>() as u32).collect();
        let netcon_offsets = (0..rows)
            .flat_map(|row| (0..of_row(row)).map(move |at| ((row * NETCONS + at) * per_netcon) as u32))
            .collect();
        let globals = mechanism.fill_tables(&Instance::new(mechanism)).globals.into_iter().map(R::rounded).collect();
        Self {
            shape,
            columns,
            one_row,
            globals,
            node,
            nodes,
            ions,
            arguments,
            netcon_first,
            netcon_offsets,
            posts: Vec::new(),
            t: 0.0,
            record: Vec::new(),
        }
    }

    /// A step later, with other potentials.
    pub fn next(&mut self) {
        self.t += 0.025;
        for (at, v) in self.nodes[0].iter_mut().enumerate() {
            *v = *v + R::rounded(((at * 7919) % 31) as f64 * 0.37 - 4.0);
        }
    }

    /// Calls a kernel for the block or, one of NET_RECEIVE, for instances with their NetCons.
    pub fn run(&mut self, mechanism: &Mechanism, name: &str, call: &mut impl FnMut(&str, &mut Call<'_, R>)) {
        if !mechanism.kernels.iter().any(|(kernel, _)| kernel == name) {
            return;
        }
        if !name.starts_with("net_") {
            self.call(None, |world| call(name, world));
        } else if self.shape.lanes == 1 {
            for row in 0..self.shape.rows {
                let offset = self.netcon_offsets[self.netcon_first[row] as usize] as usize;
                let flag = R::rounded((row % 4) as f64);
                self.call(Some((row, offset, flag)), |world| call(name, world));
            }
        }
        let instances = self.shape.rows * self.shape.lanes;
        let mut all: Vec<R> = Vec::new();
        for (column, _) in self.columns.chunks(instances).zip(&self.one_row).filter(|(_, one_row)| !**one_row) {
            all.extend(column);
        }
        self.nodes.iter().for_each(|values| all.extend(values));
        self.ions.iter().for_each(|values| all.extend(values));
        all.extend(&self.arguments);
        for (kind, row, value, flag) in self.posts.drain(..) {
            all.extend([R::rounded(f64::from(kind)), R::rounded(row as f64), value, flag]);
        }
        self.record.push((name.to_owned(), all));
    }

    fn call(&mut self, received: Option<(usize, usize, R)>, call: impl FnOnce(&mut Call<'_, R>)) {
        let count = self.nodes[0].len();
        let ions: Vec<IonColumns<R>> = self
            .ions
            .iter_mut()
            .map(|values| IonColumns { row: self.node.as_ptr(), stride: count, values: values.as_mut_ptr() })
            .collect();
        unsafe extern "C" fn post<R>(context: *mut c_void, kind: u32, row: usize, value: R, flag: R) {
            // SAFETY: the context is the world's list.
            unsafe { (*context.cast::<Vec<(u32, usize, R, R)>>()).push((kind, row, value, flag)) }
        }
        let arguments = self.arguments.as_mut_ptr();
        let (values, count, lanes) = (self.columns.as_mut_ptr(), self.shape.rows * self.shape.lanes, self.shape.lanes);
        let columns: Vec<Column<R>> = (0..self.columns.len() / count.max(1))
            .map(|column| Column {
                values: values.wrapping_add(column * count),
                stride: if self.one_row[column] { 0 } else { lanes },
            })
            .collect();
        let [v, rhs, d, area, diam] = &mut self.nodes;
        call(&mut Call {
            block: Block {
                rows: self.shape.rows,
                lanes: self.shape.lanes,
                columns: columns.as_ptr(),
                observed: u32::from(!self.shape.bare),
                currents: u32::from(!self.shape.bare),
                globals: self.globals.as_ptr(),
                node: self.node.as_ptr(),
                v: v.as_mut_ptr(),
                rhs: rhs.as_mut_ptr(),
                d: d.as_mut_ptr(),
                area: area.as_ptr(),
                diam: diam.as_ptr(),
                ions: ions.as_ptr(),
                outbox: Outbox { context: (&raw mut self.posts).cast(), post: post::<R> },
                netcons: NetconsOfBlock {
                    first: self.netcon_first.as_ptr(),
                    offsets: self.netcon_offsets.as_ptr(),
                    arguments,
                },
            },
            clock: Clock { t: R::rounded(self.t), dt: R::rounded(0.025), celsius: R::rounded(22.0) },
            received: received.map(|(row, offset, flag)| (row, arguments.wrapping_add(offset), flag)),
            _world: std::marker::PhantomData,
        });
    }

    /// The first difference of what two worlds have seen.
    pub fn difference(&self, other: &Self) -> Option<String> {
        for ((name, a), (_, b)) in self.record.iter().zip(&other.record) {
            if a.len() != b.len() {
                return Some(format!("after {name}: {} values, expected {}", a.len(), b.len()));
            }
            if let Some(at) = a.iter().zip(b).position(|(a, b)| a.bits() != b.bits()) {
                let instances = self.shape.rows * self.shape.lanes;
                let columns = self.columns.len() / instances;
                return Some(format!(
                    "after {name}: value {at} (column {} of {columns}, instance {}) is {:?}, expected {:?}",
                    at / instances,
                    at % instances,
                    a[at],
                    b[at]
                ));
            }
        }
        None
    }
}
