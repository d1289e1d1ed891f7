//! Random numbers of rules: ChaCha with eight rounds, one stream for each target (or source) of each edge type, so
//! that a network depends on its seed alone, not on the number of threads.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream `(purpose, item)` of a seed.
    pub fn new(seed: u64, purpose: u64, item: u64) -> Stream {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&purpose.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(item);
        Stream(rng)
    }

    /// A number of [0, 1), uniformly distributed.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of [low, high), uniformly distributed.
    pub fn uniform_in(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// An integer from `low` to `high`, both possible. `low` if `high` is less.
    pub fn integer(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        let span = high.abs_diff(low).wrapping_add(1);
        if span == 0 {
            return self.0.next_u64() as i64;
        }
        // Without bias: what is past the last whole multiple of the span is drawn again.
        let limit = u64::MAX - u64::MAX.wrapping_rem(span).wrapping_add(1) % span;
        loop {
            let drawn = self.0.next_u64();
            if drawn <= limit {
                return low.wrapping_add((drawn % span) as i64);
            }
        }
    }

    /// A number of the normal distribution with mean 0 and standard deviation 1 (Box and Muller's transformation).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_reproducible_and_differ() {
        let draw = |seed, purpose, item| Stream::new(seed, purpose, item).uniform();
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 2, 4));
        assert_ne!(draw(1, 2, 3), draw(1, 3, 3));
        assert_ne!(draw(1, 2, 3), draw(2, 2, 3));
    }

    #[test]
    fn integers_reach_both_ends_evenly() {
        let mut stream = Stream::new(7, 0, 0);
        let mut counts = [0; 3];
        for _ in 0..30_000 {
            counts[(stream.integer(-1, 1) + 1) as usize] += 1;
        }
        assert!(counts.iter().all(|&c| (9_600..10_400).contains(&c)), "{counts:?}");
        assert_eq!(stream.integer(4, 4), 4);
    }

    #[test]
    fn normal_numbers_have_their_moments() {
        let mut stream = Stream::new(7, 0, 0);
        let n = 100_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n {
            let x = stream.normal();
            sum += x;
            squares += x * x;
        }
        assert!((sum / f64::from(n)).abs() < 0.01);
        assert!((squares / f64::from(n) - 1.0).abs() < 0.02);
    }
}
