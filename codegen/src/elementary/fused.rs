//! The elementary functions with `madd` rounded once, as fused builds of kernels have them.

#[allow(clippy::duplicate_mod, reason = "with another `madd`")]
#[path = "f32.rs"]
pub mod f32;
#[allow(clippy::duplicate_mod, reason = "with another `madd`")]
#[path = "f64.rs"]
pub mod f64;

trait MulAdd {
    fn mul_add(self, b: Self, c: Self) -> Self;
}

macro_rules! mul_add {
    ($($type:ident)*) => {
        $(impl MulAdd for core::primitive::$type {
            #[inline(always)]
            fn mul_add(self, b: Self, c: Self) -> Self {
                core::primitive::$type::mul_add(self, b, c)
            }
        })*
    };
}
mul_add!(f32 f64);

/// `a * b + c`, rounded once.
#[inline(always)]
fn madd<T: MulAdd>(a: T, b: T, c: T) -> T {
    a.mul_add(b, c)
}
