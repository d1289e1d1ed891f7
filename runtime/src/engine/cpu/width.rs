//! Loops in the machine's widest vectors, whatever this program was compiled for.

/// Instructions that the machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Width {
    pub(super) fn of_machine() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw");
            if avx512 {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Baseline
    }

    /// Does some work with these instructions.
    #[inline]
    pub(super) fn run(self, work: impl Work) {
        match self {
            Self::Baseline => work.run(),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `of_machine`, which alone makes these, found the instructions.
            Self::Avx2 => unsafe { avx2(work) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { avx512(work) },
        }
    }
}

/// Work that profits from wide vectors.
pub(super) trait Work {
    /// Does it. To be `#[inline(always)]`, as all that it calls: only what is compiled into the caller gets the caller's
    /// instructions. (Closures are not inlined for certain.) No multiplication is fused with an addition.
    fn run(self);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2(work: impl Work) {
    work.run();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
fn avx512(work: impl Work) {
    work.run();
}
