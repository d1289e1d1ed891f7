//! Tables: the outputs of a routine at equidistant arguments, as TABLE asks for.
//!
//! A table lies behind the globals of its mechanism: its lower bound, the inverse of its step, then for
//! each of its `intervals + 1` arguments the outputs side by side. It is filled before a simulation and
//! read by [`Expression::Lookup`](super::Expression::Lookup).

use super::evaluate::Instance;
use super::{ColumnId, Function, LocalId, Mechanism};

/// A table and how to fill it.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The FUNCTION or PROCEDURE.
    pub routine: String,
    /// The tabulated variables; a FUNCTION has itself.
    pub outputs: Vec<String>,
    /// Per-instance variables of which the first instance's values are taken for all.
    pub shared: Vec<String>,
    /// WITH: one less than the arguments.
    pub intervals: u32,
    /// Computes bounds and outputs; reads only what does not change during a simulation.
    pub function: Function,
    /// Its argument.
    pub argument: LocalId,
    /// Where it leaves FROM and TO.
    pub bounds: [LocalId; 2],
    /// Where it leaves the outputs.
    pub results: Vec<LocalId>,
    /// Variables that it sets besides the outputs, and where: they keep what the last of the table's arguments gives.
    pub left: Vec<(String, LocalId)>,
}

/// The tables of a mechanism.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The globals with the tables behind them.
    pub globals: Vec<f64>,
    /// Columns that have got a value meanwhile, for all instances.
    pub left: Vec<(ColumnId, f64)>,
}

/// Where one output of a table lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableColumn {
    /// Where the table begins among the globals and what follows them.
    pub start: u32,
    /// Its intervals.
    pub intervals: u32,
    /// Its outputs.
    pub width: u32,
    /// Which of them.
    pub output: u32,
}

impl Table {
    /// Reals that it takes.
    pub fn size(&self) -> usize {
        2 + (self.intervals as usize + 1) * self.outputs.len()
    }

    /// Its reals for an instance. The arguments are summed up step by step, as NEURON does (`nrn/src/nocmodl/parsact.cpp`).
    /// Gives the locals after the last.
    fn fill(&self, instance: &Instance, into: &mut Vec<f64>) -> Vec<f64> {
        let at = |x: f64| {
            let mut scratch = instance.clone();
            let mut locals = vec![0.0; self.function.locals.len()];
            locals[self.argument.0 as usize] = x;
            scratch.run_with(&self.function, &mut locals);
            locals
        };
        let bounds = at(0.0);
        let [low, high] = self.bounds.map(|bound| bounds[bound.0 as usize]);
        let step = (high - low) / f64::from(self.intervals);
        into.extend([low, 1.0 / step]);
        let (mut x, mut locals) = (low, bounds);
        for _ in 0..=self.intervals {
            locals = at(x);
            into.extend(self.results.iter().map(|result| locals[result.0 as usize]));
            x += step;
        }
        locals
    }
}

impl TableColumn {
    /// Interpolates: NEURON's formula, without extrapolation; NaN gives NaN.
    pub fn value(self, globals: &[f64], x: f64) -> f64 {
        let (at, fraction) = self.position(globals, x);
        let next = (at + 1).min(self.intervals as usize);
        let (a, b) = (self.entry(globals, at), self.entry(globals, next));
        a + fraction * (b - a)
    }

    /// The slope of the interpolation; 0 outside the table.
    pub fn slope(self, globals: &[f64], x: f64) -> f64 {
        let table = &globals[self.start as usize..];
        let position = (x - table[0]) * table[1];
        if !(position > 0.0 && position < f64::from(self.intervals)) {
            return 0.0;
        }
        let at = position as usize;
        (self.entry(globals, at + 1) - self.entry(globals, at)) * table[1]
    }

    fn position(self, globals: &[f64], x: f64) -> (usize, f64) {
        let table = &globals[self.start as usize..];
        let position = (x - table[0]) * table[1];
        if position.is_nan() {
            return (0, position);
        }
        let limited = position.max(0.0).min(f64::from(self.intervals));
        (limited as usize, limited - f64::from(limited as u32))
    }

    fn entry(self, globals: &[f64], at: usize) -> f64 {
        globals[self.start as usize + 2 + at * self.width as usize + self.output as usize]
    }
}

impl Mechanism {
    /// Count of the globals and of all that their tables hold.
    pub fn globals_size(&self) -> usize {
        self.globals.len() + self.tables.iter().map(Table::size).sum::<usize>()
    }

    /// Fills the tables for an instance.
    pub fn fill_tables(&self, instance: &Instance) -> Filled {
        let mut filled = Filled { globals: instance.globals[..self.globals.len()].to_vec(), left: Vec::new() };
        for table in &self.tables {
            let locals = table.fill(instance, &mut filled.globals);
            let known = table.left.iter().filter_map(|(name, local)| Some((self.column(name)?, local)));
            filled.left.extend(known.map(|(column, local)| (column, locals[local.0 as usize])));
        }
        filled
    }
}
