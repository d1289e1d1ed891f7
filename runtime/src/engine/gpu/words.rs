//! Reals as the device stores them.

use codegen::back::Real;

/// Bytes of a real.
pub(super) fn size(real: Real) -> usize {
    match real {
        Real::F32 => 4,
        Real::F64 => 8,
    }
}

/// Rounds to the device's type.
pub(super) fn encode(values: &[f64], real: Real) -> Vec<u8> {
    match real {
        Real::F32 => values.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect(),
        Real::F64 => values.iter().flat_map(|&x| x.to_le_bytes()).collect(),
    }
}

/// Appends a real as words, low word first.
pub(super) fn push(words: &mut Vec<u32>, value: f64, real: Real) {
    match real {
        Real::F32 => words.push((value as f32).to_bits()),
        Real::F64 => {
            let bits = value.to_bits();
            words.extend([bits as u32, (bits >> 32) as u32]);
        }
    }
}

/// Appends what the device stored.
pub(super) fn decode(bytes: &[u8], real: Real, values: &mut Vec<f64>) {
    match real {
        Real::F32 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| f64::from(f32::from_le_bytes(bytes)))),
        Real::F64 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_survive() {
        let values = [0.1, -0.0, f64::INFINITY, 1e-300];
        let mut back = Vec::new();
        decode(&encode(&values, Real::F64), Real::F64, &mut back);
        assert_eq!(back.map_bits(), values.to_vec().map_bits());
        back.clear();
        decode(&encode(&values, Real::F32), Real::F32, &mut back);
        assert_eq!(back, values.map(|x| f64::from(x as f32)));
        let mut words = Vec::new();
        push(&mut words, 0.1, Real::F64);
        assert_eq!(u64::from(words[0]) | u64::from(words[1]) << 32, 0.1_f64.to_bits());
    }

    trait Bits {
        fn map_bits(&self) -> Vec<u64>;
    }

    impl Bits for Vec<f64> {
        fn map_bits(&self) -> Vec<u64> {
            self.iter().map(|x| x.to_bits()).collect()
        }
    }
}
