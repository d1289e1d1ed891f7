//! The loops: one per operation, over the elements of a chunk, built for several generations of processors.
//!
//! Operands are pointers into a table, see [`Context`]. A *vector* has an element per instance, a *uniform* value one for
//! all. Loops run over a multiple of [`WIDTH`] elements, so that nothing is left over for scalar code; what lies behind
//! the last instance is computed, too, and never looked at. A result goes elsewhere than where the operands are, unless
//! the loop is one that updates.

use crate::real::{Arithmetic, Real};
use codegen::ir::TableColumn;
use std::marker::PhantomData;

/// Elements that all loops handle together: two vectors of AVX-512 in double precision.
pub const WIDTH: usize = 16;

/// What a loop works on.
pub struct Context<'a, R> {
    /// Where each slot lies now.
    pub slots: &'a [*mut R],
    /// Elements, a multiple of [`WIDTH`].
    pub width: usize,
    /// Tables that kernels look up.
    pub tables: &'a [TableColumn],
    /// The mechanism's shared values.
    pub globals: *const R,
}

/// Slots of result and operands, or other numbers, as the operation wants them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operands {
    pub to: u16,
    pub from: [u16; 3],
}

/// A loop. Safe to call if the processor has the features it was built for and if all slots that it uses are valid for
/// the context's width (uniform ones for one element), and the target is no operand but one that is updated.
pub type Loop<R> = unsafe fn(&Context<'_, R>, &Operands);

/// An operand: the elements of a vector, or one value.
#[derive(Clone, Copy)]
struct Source<'a, R, const UNIFORM: bool> {
    elements: &'a [R],
    value: R,
}

impl<'a, R: Real, const UNIFORM: bool> Source<'a, R, UNIFORM> {
    /// # Safety
    /// The slot is valid, and nobody writes to it for `'a`.
    #[inline(always)]
    unsafe fn new(context: &Context<'_, R>, slot: u16) -> Self {
        // SAFETY: promised by the caller.
        unsafe {
            let pointer = slot_of(context, slot).cast_const();
            if UNIFORM {
                Self { elements: &[], value: *pointer }
            } else {
                Self { elements: std::slice::from_raw_parts(pointer, width(context)), value: R::ZERO }
            }
        }
    }

    /// # Safety
    /// There are more than `at` elements.
    #[inline(always)]
    unsafe fn get(&self, at: usize) -> R {
        // SAFETY: promised by the caller.
        if UNIFORM { self.value } else { unsafe { *self.elements.get_unchecked(at) } }
    }
}

/// The elements to be written.
///
/// # Safety
/// The slot is valid, and no other borrow of it lives.
#[inline(always)]
unsafe fn target<'a, R>(context: &Context<'_, R>, slot: u16) -> &'a mut [R] {
    // SAFETY: promised by the caller.
    unsafe { std::slice::from_raw_parts_mut(slot_of(context, slot), width(context)) }
}

/// The context's width, as a number of which the compiler sees that it is a multiple.
#[inline(always)]
fn width<R>(context: &Context<'_, R>) -> usize {
    context.width / WIDTH * WIDTH
}

/// # Safety
/// There is such a slot.
#[inline(always)]
unsafe fn slot_of<R>(context: &Context<'_, R>, slot: u16) -> *mut R {
    // SAFETY: promised by the caller.
    unsafe { *context.slots.get_unchecked(usize::from(slot)) }
}

/// An operation on one element.
pub trait Unary<R> {
    fn of(a: R) -> R;
}

/// An operation on two.
pub trait Binary<R> {
    fn of(a: R, b: R) -> R;
}

/// An operation on three.
pub trait Ternary<R> {
    fn of(a: R, b: R, c: R) -> R;
}

/// The loops are functions of their own, with borrows that the compiler knows not to overlap.
#[inline(always)]
fn map<R>(to: &mut [R], of: impl Fn(usize) -> R) {
    for (at, to) in to.iter_mut().enumerate() {
        *to = of(at);
    }
}

#[inline(always)]
fn update<R: Real>(to: &mut [R], of: impl Fn(R, usize) -> R) {
    for (at, to) in to.iter_mut().enumerate() {
        *to = of(*to, at);
    }
}

#[inline(always)]
unsafe fn unary<R: Real, F: Unary<R>, const A: bool>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: promised by the caller, see `Loop`; all sources have the target's width.
    unsafe {
        let a = Source::<R, A>::new(context, operands.from[0]);
        map(target(context, operands.to), |at| F::of(a.get(at)));
    }
}

#[inline(always)]
unsafe fn binary<R: Real, F: Binary<R>, const A: bool, const B: bool>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: as in `unary`.
    unsafe {
        let a = Source::<R, A>::new(context, operands.from[0]);
        let b = Source::<R, B>::new(context, operands.from[1]);
        map(target(context, operands.to), |at| F::of(a.get(at), b.get(at)));
    }
}

/// The result goes where the first operand is.
#[inline(always)]
unsafe fn update_binary<R: Real, F: Binary<R>, const B: bool>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: as in `unary`.
    unsafe {
        let b = Source::<R, B>::new(context, operands.from[1]);
        update(target(context, operands.to), |a, at| F::of(a, b.get(at)));
    }
}

#[inline(always)]
unsafe fn ternary<R: Real, F: Ternary<R>, const A: bool, const B: bool, const C: bool>(
    context: &Context<'_, R>,
    operands: &Operands,
) {
    // SAFETY: as in `unary`.
    unsafe {
        let a = Source::<R, A>::new(context, operands.from[0]);
        let b = Source::<R, B>::new(context, operands.from[1]);
        let c = Source::<R, C>::new(context, operands.from[2]);
        map(target(context, operands.to), |at| F::of(a.get(at), b.get(at), c.get(at)));
    }
}

/// The result goes where the last operand is.
#[inline(always)]
unsafe fn update_ternary<R: Real, F: Ternary<R>, const A: bool, const B: bool>(
    context: &Context<'_, R>,
    operands: &Operands,
) {
    // SAFETY: as in `unary`.
    unsafe {
        let a = Source::<R, A>::new(context, operands.from[0]);
        let b = Source::<R, B>::new(context, operands.from[1]);
        update(target(context, operands.to), |c, at| F::of(a.get(at), b.get(at), c));
    }
}

/// A table: `low`, the inverse of the step, and the entries.
struct Table<R> {
    low: R,
    inverse_step: R,
    intervals: u32,
    /// Of the output, at the first argument.
    entries: *const R,
    /// From one argument to the next.
    width: usize,
}

impl<R: Real> Table<R> {
    /// # Safety
    /// There is such a table, and it lies behind the globals as the IR says.
    #[inline(always)]
    unsafe fn new(context: &Context<'_, R>, number: u16) -> Self {
        // SAFETY: promised by the caller.
        unsafe {
            let TableColumn { start, intervals, width, output } = *context.tables.get_unchecked(usize::from(number));
            let table = context.globals.add(start as usize);
            let entries = table.add(2 + output as usize);
            Self { low: *table, inverse_step: *table.add(1), intervals, entries, width: width as usize }
        }
    }

    #[inline(always)]
    fn position(&self, x: R) -> R {
        (x - self.low) * self.inverse_step
    }

    /// Within the table; NaN is 0.
    #[inline(always)]
    fn limited(&self, position: R) -> R {
        position.larger(R::ZERO).smaller(R::whole(self.intervals))
    }

    /// # Safety
    /// `at` is at most the number of intervals.
    #[inline(always)]
    unsafe fn entry(&self, at: usize) -> R {
        // SAFETY: promised by the caller.
        unsafe { *self.entries.add(at * self.width) }
    }
}

/// Where the entries of the argument's interval are, those below it or (`ABOVE`) above. `from` is the argument, and the
/// number of the table; the result is a [`Real::offset`].
#[inline(always)]
unsafe fn find_entry<R: Real, const ABOVE: bool>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: promised by the caller, see `Loop`.
    unsafe {
        let x = Source::<R, false>::new(context, operands.from[0]);
        let table = Table::new(context, operands.from[1]);
        let (last, width) = (table.intervals as i32, table.width as u32);
        map(target(context, operands.to), |at| {
            // What is limited lies between 0 and `intervals`, which fit.
            let interval = table.limited(table.position(x.get(at))).truncate();
            R::offset((if ABOVE { (interval + 1).min(last) } else { interval }) as u32 * width)
        });
    }
}

/// How far the argument lies in its interval. `from` is the argument, and the number of the table.
#[inline(always)]
unsafe fn fraction<R: Real>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: promised by the caller, see `Loop`.
    unsafe {
        let x = Source::<R, false>::new(context, operands.from[0]);
        let table = Table::new(context, operands.from[1]);
        map(target(context, operands.to), |at| {
            let position = table.position(x.get(at));
            let limited = table.limited(position);
            if position.is_nan() { position } else { limited - R::signed(limited.truncate()) }
        });
    }
}

/// Entries of an output. `from` is what [`find_entry`] has found, and the number of the table.
#[inline(always)]
unsafe fn entry<R: Real>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: promised by the caller, see `Loop`.
    unsafe {
        let offset = Source::<R, false>::new(context, operands.from[0]);
        let table = Table::new(context, operands.from[1]);
        map(target(context, operands.to), |at| *table.entries.add(offset.get(at).as_offset()));
    }
}

/// The slope. `from` is the argument, and the number of the table.
#[inline(always)]
unsafe fn lookup_slope<R: Real>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: as in `lookup`.
    unsafe {
        let x = Source::<R, false>::new(context, operands.from[0]);
        let table = Table::new(context, operands.from[1]);
        map(target(context, operands.to), |at| {
            let position = table.position(x.get(at));
            let inside = position > R::ZERO && position < R::whole(table.intervals);
            let at = if inside { position.index() } else { 0 };
            if inside { (table.entry(at + 1) - table.entry(at)) * table.inverse_step } else { R::ZERO }
        });
    }
}

/// Neighbouring elements that are neighbours at their nodes, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub at: u32,
    pub count: u32,
    /// The first one's place among the values of nodes.
    pub place: u32,
}

/// Adds values to those of nodes, run by run, or subtracts them. Safe to call if both are as long as the runs say, and
/// apart.
pub type AddRuns<R> = unsafe fn(*mut R, *const R, &[Run]);

#[inline(always)]
unsafe fn add_runs<R: Real, const SUBTRACT: bool>(to: *mut R, values: *const R, runs: &[Run]) {
    for &Run { at, count, place } in runs {
        // SAFETY: promised by the caller.
        let (to, values) = unsafe {
            let count = count as usize;
            let to = std::slice::from_raw_parts_mut(to.add(place as usize), count);
            (to, std::slice::from_raw_parts(values.add(at as usize), count))
        };
        for (to, &x) in to.iter_mut().zip(values) {
            *to = if SUBTRACT { *to - x } else { *to + x };
        }
    }
}

/// A generation of processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Whatever the program was built for.
    Base,
    /// x86-64 with AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// x86-64 with AVX-512.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best that this processor has.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw");
            if avx2 && avx512 {
                return Level::Avx512;
            }
            if avx2 {
                return Level::Avx2;
            }
        }
        Level::Base
    }

    /// Those that this processor has.
    #[cfg(test)]
    pub fn available() -> Vec<Self> {
        let all = [
            Level::Base,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2,
            #[cfg(target_arch = "x86_64")]
            Level::Avx512,
        ];
        all.into_iter().filter(|level| *level <= Self::detect()).collect()
    }
}

/// The loops with the features of one level.
macro_rules! level {
    ($name:ident $(, $features:literal)?) => {
        mod $name {
            use super::{Binary, Context, Operands, Real, Run, Ternary, Unary};

            $(#[target_feature(enable = $features)])?
            pub unsafe fn unary<R: Real, F: Unary<R>, const A: bool>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::unary::<R, F, A>(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn binary<R: Real, F: Binary<R>, const A: bool, const B: bool>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::binary::<R, F, A, B>(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn ternary<R: Real, F: Ternary<R>, const A: bool, const B: bool, const C: bool>(
                c: &Context<'_, R>,
                o: &Operands,
            ) {
                // SAFETY: promised by the caller.
                unsafe { super::ternary::<R, F, A, B, C>(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn update_binary<R: Real, F: Binary<R>, const B: bool>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::update_binary::<R, F, B>(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn update_ternary<R: Real, F: Ternary<R>, const A: bool, const B: bool>(
                c: &Context<'_, R>,
                o: &Operands,
            ) {
                // SAFETY: promised by the caller.
                unsafe { super::update_ternary::<R, F, A, B>(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn find_entry<R: Real, const ABOVE: bool>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::find_entry::<R, ABOVE>(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn fraction<R: Real>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::fraction(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn entry<R: Real>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::entry(c, o) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn add_runs<R: Real, const SUBTRACT: bool>(to: *mut R, values: *const R, runs: &[Run]) {
                // SAFETY: promised by the caller.
                unsafe { super::add_runs::<R, SUBTRACT>(to, values, runs) }
            }

            $(#[target_feature(enable = $features)])?
            pub unsafe fn lookup_slope<R: Real>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::lookup_slope(c, o) }
            }
        }
    };
}
level!(base);
#[cfg(target_arch = "x86_64")]
level!(avx2, "avx2,fma,bmi1,bmi2,lzcnt,popcnt");
#[cfg(target_arch = "x86_64")]
level!(avx512, "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma,bmi1,bmi2,lzcnt,popcnt");

/// A loop at a level.
macro_rules! at {
    ($level:expr, $function:ident :: <$($argument:tt),*>) => {
        match $level {
            Level::Base => base::$function::<$($argument),*>,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => avx2::$function::<$($argument),*>,
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => avx512::$function::<$($argument),*>,
        }
    };
}

/// Loops of one real type, one rounding and one level.
pub struct Loops<R, M> {
    level: Level,
    types: PhantomData<(R, M)>,
}

impl<R: Real, M: Arithmetic<R>> Loops<R, M> {
    pub fn new(level: Level) -> Self {
        Self { level, types: PhantomData }
    }

    pub fn unary<F: Unary<R>>(&self, a: bool) -> Loop<R> {
        match a {
            false => at!(self.level, unary::<R, F, false>),
            true => at!(self.level, unary::<R, F, true>),
        }
    }

    /// At most one of two operands is uniform; a uniform result is computed as a vector.
    pub fn binary<F: Binary<R>>(&self, uniform: [bool; 2]) -> Loop<R> {
        match uniform {
            [true, false] => at!(self.level, binary::<R, F, true, false>),
            [false, true] => at!(self.level, binary::<R, F, false, true>),
            [false, false] | [true, true] => at!(self.level, binary::<R, F, false, false>),
        }
    }

    /// At most two of three operands are uniform.
    pub fn ternary<F: Ternary<R>>(&self, uniform: [bool; 3]) -> Loop<R> {
        match uniform {
            [false, false, true] => at!(self.level, ternary::<R, F, false, false, true>),
            [false, true, false] => at!(self.level, ternary::<R, F, false, true, false>),
            [false, true, true] => at!(self.level, ternary::<R, F, false, true, true>),
            [true, false, false] => at!(self.level, ternary::<R, F, true, false, false>),
            [true, false, true] => at!(self.level, ternary::<R, F, true, false, true>),
            [true, true, false] => at!(self.level, ternary::<R, F, true, true, false>),
            [false, false, false] | [true, true, true] => at!(self.level, ternary::<R, F, false, false, false>),
        }
    }

    pub fn update_binary<F: Binary<R>>(&self, b: bool) -> Loop<R> {
        match b {
            false => at!(self.level, update_binary::<R, F, false>),
            true => at!(self.level, update_binary::<R, F, true>),
        }
    }

    pub fn update_ternary<F: Ternary<R>>(&self, uniform: [bool; 2]) -> Loop<R> {
        match uniform {
            [false, false] => at!(self.level, update_ternary::<R, F, false, false>),
            [false, true] => at!(self.level, update_ternary::<R, F, false, true>),
            [true, false] => at!(self.level, update_ternary::<R, F, true, false>),
            [true, true] => at!(self.level, update_ternary::<R, F, true, true>),
        }
    }

    pub fn find_entry(&self, above: bool) -> Loop<R> {
        match above {
            false => at!(self.level, find_entry::<R, false>),
            true => at!(self.level, find_entry::<R, true>),
        }
    }

    pub fn fraction(&self) -> Loop<R> {
        at!(self.level, fraction::<R>)
    }

    pub fn entry(&self) -> Loop<R> {
        at!(self.level, entry::<R>)
    }

    pub fn add_runs(&self, subtract: bool) -> AddRuns<R> {
        match subtract {
            false => at!(self.level, add_runs::<R, false>),
            true => at!(self.level, add_runs::<R, true>),
        }
    }

    pub fn lookup_slope(&self) -> Loop<R> {
        at!(self.level, lookup_slope::<R>)
    }
}

/// 1 for true, 0 for false.
#[inline(always)]
fn truth<R: Real>(condition: bool) -> R {
    if condition { R::ONE } else { R::ZERO }
}

macro_rules! operations {
    ($trait:ident: $($name:ident($($x:ident),*) $value:expr;)*) => {
        $(pub struct $name;
        impl<R: Real> $trait<R> for $name {
            #[inline(always)]
            fn of($($x: R),*) -> R {
                $value
            }
        })*
    };
}

operations! { Unary:
    Copy(a) a;
    Negate(a) -a;
    Not(a) truth(a == R::ZERO);
}
operations! { Binary:
    Add(a, b) a + b;
    Subtract(a, b) a - b;
    Multiply(a, b) a * b;
    Divide(a, b) a / b;
    Less(a, b) truth(a < b);
    LessEqual(a, b) truth(a <= b);
    Equal(a, b) truth(a == b);
    NotEqual(a, b) truth(a != b);
    And(a, b) truth(a != R::ZERO && b != R::ZERO);
    AndNot(a, b) truth(a != R::ZERO && b == R::ZERO);
    Or(a, b) truth(a != R::ZERO || b != R::ZERO);
}
operations! { Ternary:
    Select(a, b, c) if a != R::ZERO { b } else { c };
    Multiply3(a, b, c) a * b * c;
    Add3(a, b, c) a + b + c;
    MultiplyDifference(a, b, c) a * (b - c);
    DivideSum(a, b, c) a / (b + c);
    // From a to c.
    Interpolate(a, fraction, c) a + fraction * (c - a);
}

macro_rules! functions {
    ($trait:ident: $($name:ident $function:ident($($x:ident),*);)*) => {
        $(pub struct $name<M>(PhantomData<M>);
        impl<R: Real, M: Arithmetic<R>> $trait<R> for $name<M> {
            #[inline(always)]
            fn of($($x: R),*) -> R {
                M::$function($($x),*)
            }
        })*
    };
}

functions! { Unary:
    Exp exp(x);
    Expm1 expm1(x);
    Bounded bounded(x);
    Confined confined(x);
    Exprelr exprelr(x);
    Log log(x);
    Log10 log10(x);
    Sqrt sqrt(x);
    Abs abs(x);
    Floor floor(x);
    Ceil ceil(x);
    Sin sin(x);
    Cos cos(x);
    Tan tan(x);
    Sinh sinh(x);
    Cosh cosh(x);
    Tanh tanh(x);
    Atan atan(x);
}
functions! { Binary:
    Expm1Of expm1_of(x, y);
    Pow pow(x, y);
    Min min(x, y);
    Max max(x, y);
    Fmod fmod(x, y);
}
functions! { Ternary:
    MulAdd madd(a, b, c);
    MulSubtract madd_negative(a, b, c);
    SubtractProduct negative_madd(a, b, c);
}
