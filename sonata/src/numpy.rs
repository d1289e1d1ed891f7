//! NumPy's legacy random numbers, `numpy.random.RandomState(seed)`: BMTK places synapses with them, one generator a
//! target cell, seeded with its gid. Same seed, same numbers, bit for bit.
//!
//! The generator is MT19937: Matsumoto and Nishimura (1998), ACM Transactions on Modeling and Computer Simulation 8,
//! 3-30, seeded by their `init_genrand`.

const N: usize = 624;
const M: usize = 397;

/// `numpy.random.RandomState`.
#[derive(Clone)]
pub struct RandomState {
    key: [u32; N],
    position: usize,
}

impl std::fmt::Debug for RandomState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RandomState").field("position", &self.position).finish_non_exhaustive()
    }
}

impl RandomState {
    /// `RandomState(seed)`.
    pub fn new(seed: u32) -> RandomState {
        let mut key = [0u32; N];
        let mut value = seed;
        for (i, word) in key.iter_mut().enumerate() {
            *word = value;
            value = 1_812_433_253u32.wrapping_mul(value ^ (value >> 30)).wrapping_add(i as u32 + 1);
        }
        RandomState { key, position: N }
    }

    /// The next 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.position == N {
            self.refill();
        }
        let mut y = self.key[self.position];
        self.position += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    fn refill(&mut self) {
        for i in 0..N {
            let y = (self.key[i] & 0x8000_0000) | (self.key[(i + 1) % N] & 0x7fff_ffff);
            let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            self.key[i] = self.key[(i + M) % N] ^ (y >> 1) ^ twist;
        }
        self.position = 0;
    }

    /// `random_sample()`: 53 random bits as a number of [0, 1).
    pub fn random_sample(&mut self) -> f64 {
        let high = self.next_u32() >> 5;
        let low = self.next_u32() >> 6;
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    /// `uniform(low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random_sample()
    }

    /// `choice(len(p), n, p=p)`: `n` places of `p`, each drawn with the probability it holds, with replacement.
    ///
    /// The probabilities need not be normalised: as in NumPy their running sum is divided by its last entry. Nothing
    /// is drawn from an empty `p`.
    pub fn choice(&mut self, n: usize, p: &[f64]) -> Vec<usize> {
        if p.is_empty() {
            return Vec::new();
        }
        let mut sum = 0.0;
        let mut cdf: Vec<f64> = p
            .iter()
            .map(|p| {
                sum += p;
                sum
            })
            .collect();
        cdf.iter_mut().for_each(|c| *c /= sum);
        // searchsorted(side='right')
        (0..n).map(|_| self.random_sample()).map(|u| cdf.partition_point(|&c| c <= u)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The numbers are NumPy 2.4.6's.

    #[test]
    fn samples() {
        let mut rng = RandomState::new(0);
        let first: Vec<f64> = (0..3).map(|_| rng.random_sample()).collect();
        assert_eq!(first, SAMPLES_0);
        // Past the first refill.
        let mut rng = RandomState::new(4_294_967_295);
        let thousandth = (0..1000).map(|_| rng.random_sample()).last();
        assert_eq!(thousandth, Some(SAMPLE_1000));
        assert_eq!(RandomState::new(42).uniform(-1.0, 3.0), UNIFORM_42);
    }

    #[test]
    fn choices() {
        assert_eq!(RandomState::new(1).choice(10, &[0.1, 0.2, 0.3, 0.4]), CHOICE_1);
        let p: Vec<f64> = (0..51).map(|_| 1.0 / 51.0).collect();
        assert_eq!(RandomState::new(7).choice(8, &p), CHOICE_7);
        assert!(RandomState::new(7).choice(8, &[]).is_empty());
    }

    const SAMPLES_0: [f64; 3] = [0.5488135039273248, 0.7151893663724195, 0.6027633760716439];
    const SAMPLE_1000: f64 = 0.556626859384112;
    const UNIFORM_42: f64 = 0.49816047538944996;
    const CHOICE_1: [usize; 10] = [2, 3, 0, 2, 1, 0, 1, 2, 2, 2];
    const CHOICE_7: [usize; 8] = [3, 39, 22, 36, 49, 27, 25, 3];
}
