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

/// Values that stand in registers: 8 of the widest vectors.
const REGISTERS: usize = 8;
/// Values of a vector of the widest, in bytes.
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
        let each = (REGISTERS * VECTOR / size_of::<R>()) as f64;
        let steps = 20_000;
        let rate = |kind: Kind| best(each * steps as f64, || R::run(kind, &mut [], steps));
        let mut arguments: Vec<R> = (0..4096).map(|i| R::new(f64::from(i) * 1e-3 - 2.0)).collect();
        let count = arguments.len() as f64 * 20.0;
        let exponentials = best(count, || R::run(Kind::Exponentials, &mut arguments, 20));
        let moved = |bytes: usize, repeats: usize| {
            let mut values = vec![R::new(1.0); bytes / size_of::<R>() / 3 * 3];
            best((size_of_val(values.as_slice()) * repeats) as f64, || R::run(Kind::Moves, &mut values, repeats))
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

/// The most of something a second.
fn best(count: f64, mut work: impl FnMut()) -> f64 {
    let seconds = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        work();
        begin.elapsed().as_secs_f64()
    });
    count / seconds.fold(f64::INFINITY, f64::min).max(1e-9)
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
    /// Does something some times.
    fn run(kind: Kind, values: &mut [Self], repeats: usize);
}

macro_rules! measured {
    ($real:ident, $exp:path) => {
        impl Measured for $real {
            fn run(kind: Kind, values: &mut [Self], repeats: usize) {
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
                $real::work(kind, values, repeats);
            }
        }

        mod $real {
            use super::*;

            const LANES: usize = VECTOR / size_of::<$real>();

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,fma")]
            pub(super) fn avx512(kind: Kind, values: &mut [$real], repeats: usize) {
                work(kind, values, repeats);
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            pub(super) fn avx2(kind: Kind, values: &mut [$real], repeats: usize) {
                work(kind, values, repeats);
            }

            #[inline(always)]
            pub(super) fn work(kind: Kind, values: &mut [$real], repeats: usize) {
                match kind {
                    Kind::Fused => registers(repeats, |x, a, b| x.mul_add(a, b)),
                    Kind::Divisions => registers(repeats, |x, a, _| a / x),
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
            }

            #[inline(always)]
            fn registers(repeats: usize, operation: impl Fn($real, $real, $real) -> $real) {
                let (a, b) = (black_box(0.999), black_box(0.001));
                let mut all = [[black_box(1.5); LANES]; REGISTERS];
                for _ in 0..repeats {
                    for vector in &mut all {
                        for x in vector {
                            *x = operation(*x, a, b);
                        }
                    }
                }
                black_box(all);
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
