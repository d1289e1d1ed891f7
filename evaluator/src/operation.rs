//! The loops: one per operation, over the elements of a chunk, built for several generations of processors.
//!
//! Operands are pointers into a table, see [`Context`]. A *vector* has an element per instance, a *uniform* value one for
//! all. Loops run over whole blocks of [`WIDTH`] elements, so that nothing is left over for scalar code; what lies behind
//! the last instance is computed, too, and never looked at. Each block is read before it is written: a result may go where
//! an operand came from.

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
/// the context's width (uniform ones for one element).
pub type Loop<R> = unsafe fn(&Context<'_, R>, &Operands);

/// Where an operand comes from, block by block.
#[derive(Clone, Copy)]
struct Source<R, const UNIFORM: bool> {
    pointer: *const R,
    value: R,
}

impl<R: Real, const UNIFORM: bool> Source<R, UNIFORM> {
    /// # Safety
    /// The slot is valid.
    #[inline(always)]
    unsafe fn new(context: &Context<'_, R>, slot: u16) -> Self {
        // SAFETY: promised by the caller.
        unsafe {
            let pointer = slot_of(context, slot).cast_const();
            Self { pointer, value: if UNIFORM { *pointer } else { R::ZERO } }
        }
    }

    /// # Safety
    /// `at` is the beginning of a block of a valid slot.
    #[inline(always)]
    unsafe fn block(&self, at: usize) -> [R; WIDTH] {
        if UNIFORM {
            [self.value; WIDTH]
        } else {
            // SAFETY: promised by the caller.
            unsafe { *self.pointer.add(at).cast() }
        }
    }
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

#[inline(always)]
unsafe fn unary<R: Real, F: Unary<R>, const A: bool>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: promised by the caller, see `Loop`.
    unsafe {
        let to = slot_of(context, operands.to);
        let a = Source::<R, A>::new(context, operands.from[0]);
        for at in (0..context.width).step_by(WIDTH) {
            let x = a.block(at);
            let mut result = [R::ZERO; WIDTH];
            for lane in 0..WIDTH {
                result[lane] = F::of(x[lane]);
            }
            *to.add(at).cast() = result;
        }
    }
}

#[inline(always)]
unsafe fn binary<R: Real, F: Binary<R>, const A: bool, const B: bool>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: promised by the caller, see `Loop`.
    unsafe {
        let to = slot_of(context, operands.to);
        let a = Source::<R, A>::new(context, operands.from[0]);
        let b = Source::<R, B>::new(context, operands.from[1]);
        for at in (0..context.width).step_by(WIDTH) {
            let (x, y) = (a.block(at), b.block(at));
            let mut result = [R::ZERO; WIDTH];
            for lane in 0..WIDTH {
                result[lane] = F::of(x[lane], y[lane]);
            }
            *to.add(at).cast() = result;
        }
    }
}

#[inline(always)]
unsafe fn ternary<R: Real, F: Ternary<R>, const A: bool, const B: bool, const C: bool>(
    context: &Context<'_, R>,
    operands: &Operands,
) {
    // SAFETY: promised by the caller, see `Loop`.
    unsafe {
        let to = slot_of(context, operands.to);
        let a = Source::<R, A>::new(context, operands.from[0]);
        let b = Source::<R, B>::new(context, operands.from[1]);
        let c = Source::<R, C>::new(context, operands.from[2]);
        for at in (0..context.width).step_by(WIDTH) {
            let (x, y, z) = (a.block(at), b.block(at), c.block(at));
            let mut result = [R::ZERO; WIDTH];
            for lane in 0..WIDTH {
                result[lane] = F::of(x[lane], y[lane], z[lane]);
            }
            *to.add(at).cast() = result;
        }
    }
}

/// `from` is the argument, and the number of the table.
#[inline(always)]
unsafe fn lookup<R: Real>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: promised by the caller, see `Loop`; a table lies behind the globals as the IR says.
    unsafe {
        let to = slot_of(context, operands.to);
        let a = Source::<R, false>::new(context, operands.from[0]);
        let TableColumn { start, intervals, width, output } =
            *context.tables.get_unchecked(usize::from(operands.from[1]));
        let table = context.globals.add(start as usize);
        let (low, inverse_step) = (*table, *table.add(1));
        let entries = table.add(2 + output as usize);
        let (last, most) = (intervals as i32, R::whole(intervals));
        for at in (0..context.width).step_by(WIDTH) {
            let x = a.block(at);
            let (mut result, mut index, mut fraction) = ([R::ZERO; WIDTH], [0i32; WIDTH], [R::ZERO; WIDTH]);
            for lane in 0..WIDTH {
                let position = (x[lane] - low) * inverse_step;
                let limited = position.larger(R::ZERO).smaller(most);
                // `limited` lies between 0 and `intervals`; NaN became 0 by `larger`.
                index[lane] = limited.truncate();
                let rest = limited - R::whole(index[lane] as u32);
                fraction[lane] = if position.is_nan() { position } else { rest };
            }
            for lane in 0..WIDTH {
                let entry = |at: i32| *entries.add(at as usize * width as usize);
                let (a, b) = (entry(index[lane]), entry((index[lane] + 1).min(last)));
                result[lane] = a + fraction[lane] * (b - a);
            }
            *to.add(at).cast() = result;
        }
    }
}

/// As [`lookup`].
#[inline(always)]
unsafe fn lookup_slope<R: Real>(context: &Context<'_, R>, operands: &Operands) {
    // SAFETY: as in `lookup`.
    unsafe {
        let (to, x) = (slot_of(context, operands.to), slot_of(context, operands.from[0]));
        let TableColumn { start, intervals, width, output } =
            *context.tables.get_unchecked(usize::from(operands.from[1]));
        let table = context.globals.add(start as usize);
        let entry = |at: usize| *table.add(2 + at * width as usize + output as usize);
        for at in 0..context.width {
            let position = (*x.add(at) - *table) * *table.add(1);
            let inside = position > R::ZERO && position < R::whole(intervals);
            let at_table = if inside { position.index() } else { 0 };
            *to.add(at) = if inside { (entry(at_table + 1) - entry(at_table)) * *table.add(1) } else { R::ZERO };
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
            use super::{Binary, Context, Operands, Real, Ternary, Unary};

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
            pub unsafe fn lookup<R: Real>(c: &Context<'_, R>, o: &Operands) {
                // SAFETY: promised by the caller.
                unsafe { super::lookup(c, o) }
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
            Level::Base => base::$function::<$($argument),*> as Loop<R>,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => avx2::$function::<$($argument),*> as Loop<R>,
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => avx512::$function::<$($argument),*> as Loop<R>,
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

    pub fn lookup(&self) -> Loop<R> {
        at!(self.level, lookup::<R>)
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
}
