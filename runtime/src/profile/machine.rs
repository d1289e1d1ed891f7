//! What one core of this machine can do at most, measured: the limits that kernels are compared with.
//!
//! Each limit is the best of some short rounds, so that a busy moment of the machine does not lower it.

use crate::engine::Real;
use codegen::elementary::fused;
use std::hint::black_box;
use std::time::Instant;

/// Rates of one core for values of one type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Fused multiply-adds a second; also the rate of sums and products alone.
    pub fused: f64,
    /// Divisions a second.
    pub divisions: f64,
    /// Exponentials a second.
    pub exponentials: f64,
    /// Bytes a second to and from the second-level cache, where a group's values are.
    pub cache: f64,
    /// Bytes a second to and from the memory.
    pub memory: f64,
}

/// Bytes of a vector of the widest.
const VECTOR: usize = 64;
/// Rounds of each measurement.
const ROUNDS: usize = 7;
/// Bytes of the three arrays that stay in the second-level cache.
const IN_CACHE: usize = 192 * 1024;
/// Bytes of those that do not stay in any.
const IN_MEMORY: usize = 96 * 1024 * 1024;

impl Machine {
    /// Measures it, in a fraction of a second.
    pub fn measure<R: Measured>() -> Self {
        let rate = |kind: Kind| best::<R>(kind, &mut [], 20_000);
        let mut arguments: Vec<R> = (0..4096).map(|i| R::new(f64::from(i) * 1e-3 - 2.0)).collect();
        let exponentials = best(Kind::Exponentials, &mut arguments, 20);
        let moved = |bytes: usize, repeats: usize| {
            let mut values = vec![R::new(1.0); bytes / size_of::<R>() / 3 * 3];
            best(Kind::Moves, &mut values, repeats) * size_of::<R>() as f64
        };
        Self {
            fused: rate(Kind::Fused),
            divisions: rate(Kind::Divisions),
            exponentials,
            cache: moved(IN_CACHE, 50),
            memory: moved(IN_MEMORY, 1),
        }
    }
}

/// The most values a second for which something is done.
fn best<R: Measured>(kind: Kind, values: &mut [R], repeats: usize) -> f64 {
    let rates = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        let count = R::run(kind, values, repeats) * repeats;
        count as f64 / begin.elapsed().as_secs_f64().max(1e-9)
    });
    rates.fold(0.0, f64::max)
}

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Fused multiply-adds in registers.
    Fused,
    /// Divisions in registers.
    Divisions,
    /// Exponentials of an array.
    Exponentials,
    /// Two arrays into a third.
    Moves,
}

/// A type whose arithmetic can be measured, with the machine's widest vectors.
pub trait Measured: Real {
    /// Does something some times; gives the count of values for which it is done each time.
    fn run(kind: Kind, values: &mut [Self], repeats: usize) -> usize;
}

macro_rules! measured {
    ($real:ident, $exp:path) => {
        impl Measured for $real {
            fn run(kind: Kind, values: &mut [Self], repeats: usize) -> usize {
                #[cfg(target_arch = "x86_64")]
                {
                    let fma = is_x86_feature_detected!("fma");
                    if fma && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") {
                        // SAFETY: the machine has these instructions.
                        return unsafe { $real::avx512(kind, values, repeats) };
                    }
                    if fma && is_x86_feature_detected!("avx2") {
                        // SAFETY: as above.
                        return unsafe { $real::avx2(kind, values, repeats) };
                    }
                }
                $real::work::<3>(kind, values, repeats)
            }
        }

        mod $real {
            use super::*;

            const LANES: usize = VECTOR / size_of::<$real>();

            // So many vectors stand in registers beside two operands: enough of them for the time that a result takes.

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,fma")]
            pub(super) fn avx512(kind: Kind, values: &mut [$real], repeats: usize) -> usize {
                work::<10>(kind, values, repeats)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            pub(super) fn avx2(kind: Kind, values: &mut [$real], repeats: usize) -> usize {
                work::<6>(kind, values, repeats)
            }

            #[inline(always)]
            pub(super) fn work<const REGISTERS: usize>(kind: Kind, values: &mut [$real], repeats: usize) -> usize {
                match kind {
                    Kind::Fused => return registers::<REGISTERS>(repeats, |x, a, b| x.mul_add(a, b)),
                    Kind::Divisions => return registers::<REGISTERS>(repeats, |x, a, _| a / x),
                    Kind::Exponentials => {
                        for _ in 0..repeats {
                            black_box(&mut *values).iter_mut().for_each(|x| *x = 1.0 - $exp(*x));
                        }
                    }
                    Kind::Moves => {
                        let third = values.len() / 3;
                        let (to, from) = values.split_at_mut(third);
                        let (first, second) = from.split_at_mut(third);
                        for _ in 0..repeats {
                            let pairs = black_box(&mut *first).iter().zip(&*second);
                            to.iter_mut().zip(pairs).for_each(|(to, (a, b))| *to = a + b);
                            black_box(&mut *to);
                        }
                    }
                }
                values.len()
            }

            #[inline(always)]
            fn registers<const COUNT: usize>(
                repeats: usize,
                operation: impl Fn($real, $real, $real) -> $real,
            ) -> usize {
                let (a, b) = (black_box(0.999), black_box(0.001));
                let mut all = [[black_box(1.5); LANES]; COUNT];
                for _ in 0..repeats {
                    for vector in &mut all {
                        for x in vector {
                            *x = operation(*x, a, b);
                        }
                    }
                }
                black_box(all);
                COUNT * LANES
            }
        }
    };
}

measured!(f64, fused::f64::exp);
measured!(f32, fused::f32::exp);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_of_a_plausible_order() {
        let machine = Machine::measure::<f64>();
        assert!(machine.fused > machine.divisions && machine.divisions > 1e6, "{machine:?}");
        assert!(machine.fused > machine.exponentials && machine.exponentials > 1e6, "{machine:?}");
        assert!(machine.cache > 1e7 && machine.memory > 1e7, "{machine:?}");
    }
}
