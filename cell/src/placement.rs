//! Random placement of synapses on the segments of a cell, with BMTK's draws.
//!
//! Candidates are the segments of the wanted section types that overlap the distance range; each is
//! drawn with a probability proportional to the length of the overlap, with replacement. Distances
//! are path lengths from the 0 end of the first soma section to the middle of a segment.
//!
//! Source: BMTK 1.2, `bionet/morphology.py`, `find_sections`; NumPy, `RandomState.choice`.

use crate::{Cell, CellError, SectionId};

/// Section types of SWC files, by which synapses are targeted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionType {
    /// `soma`, `somatic`.
    Soma,
    /// `axon`, `axonal`.
    Axon,
    /// `dend`, `basal`.
    Dendrite,
    /// `apic`, `apical`.
    Apical,
}

impl SectionType {
    /// The names that `target_sections` and reports may use.
    pub const NAMES: [(&'static str, SectionType); 8] = [
        ("soma", SectionType::Soma),
        ("somatic", SectionType::Soma),
        ("axon", SectionType::Axon),
        ("axonal", SectionType::Axon),
        ("dend", SectionType::Dendrite),
        ("basal", SectionType::Dendrite),
        ("apic", SectionType::Apical),
        ("apical", SectionType::Apical),
    ];

    /// The type with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
    }

    /// The type of a section of a cell, from the first four letters of its name: `dend[3]`.
    pub fn of_section(name: &str) -> Option<Self> {
        Self::named(name.get(..4)?)
    }

    /// The number of the type in an SWC file.
    pub fn swc(self) -> i8 {
        match self {
            Self::Soma => 1,
            Self::Axon => 2,
            Self::Dendrite => 3,
            Self::Apical => 4,
        }
    }
}

/// A segment on which a synapse can lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Section id in the cell.
    pub section: usize,
    /// Middle of the segment, 0 to 1 along the section.
    pub x: f64,
    /// Length, um.
    pub length: f64,
    /// Path distance of the middle from the 0 end of the first soma section, um.
    pub distance: f64,
    /// Type of the section, if its name tells it.
    pub kind: Option<SectionType>,
}

/// The segments of a cell, section by section in the order of SONATA's section ids, by increasing position.
///
/// # Errors
/// When the cell's geometry makes no sense.
pub fn segments(cell: &Cell, soma: SectionId) -> Result<Vec<Segment>, CellError> {
    let mut segments = Vec::new();
    for (index, &id) in cell.all().iter().enumerate() {
        let section = cell.section(id);
        let kind = SectionType::of_section(&section.name().base);
        let nseg = section.nseg();
        for i in 0..nseg {
            let x = (i as f64 + 0.5) / nseg as f64;
            let distance = cell.path_distance((soma, 0.0), (id, x))?.unwrap_or(f64::INFINITY);
            segments.push(Segment { section: index, x, length: section.length() / nseg as f64, distance, kind });
        }
    }
    Ok(segments)
}

/// Segments to draw from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidates {
    /// Indices of the segments, ascending.
    segments: Vec<usize>,
    /// Cumulative probabilities; the last is 1.
    cumulative: Vec<f64>,
}

impl Candidates {
    /// The segments of some types that overlap a distance range, um.
    pub fn of(segments: &[Segment], kinds: &[SectionType], range: (f64, f64)) -> Self {
        let overlap = |segment: &Segment| {
            let begin = segment.distance - segment.length / 2.0;
            let end = segment.distance + segment.length / 2.0;
            ((end.min(range.1) - begin.max(range.0)).max(0.0)) / segment.length
        };
        let (indices, lengths): (Vec<usize>, Vec<f64>) = segments
            .iter()
            .enumerate()
            .filter(|(_, segment)| segment.kind.is_some_and(|kind| kinds.contains(&kind)))
            .map(|(index, segment)| (index, segment.length * overlap(segment)))
            .filter(|&(_, length)| length > 0.0)
            .unzip();
        let total = pairwise_sum(&lengths);
        let mut cumulative: Vec<f64> = lengths
            .iter()
            .scan(0.0, |sum, length| {
                *sum += length / total;
                Some(*sum)
            })
            .collect();
        if let Some(&last) = cumulative.last() {
            cumulative.iter_mut().for_each(|value| *value /= last);
        }
        Self { segments: indices, cumulative }
    }

    /// Whether there is nothing to draw from.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The segment that a uniform number from [0, 1) selects; nothing if there are no candidates.
    pub fn draw(&self, uniform: f64) -> Option<usize> {
        let at = self.cumulative.partition_point(|&value| value <= uniform);
        self.segments.get(at).copied()
    }
}

/// NumPy's sum: pairwise over blocks of at most 128, each with eight accumulators.
fn pairwise_sum(values: &[f64]) -> f64 {
    match values.len() {
        0..8 => values.iter().fold(0.0, |sum, value| sum + value),
        8..=128 => {
            let (blocks, rest) = values.as_chunks::<8>();
            let mut sums = blocks[0];
            for block in &blocks[1..] {
                for (sum, value) in sums.iter_mut().zip(block) {
                    *sum += value;
                }
            }
            let [a, b, c, d, e, f, g, h] = sums;
            rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
        }
        length => {
            let half = length / 2;
            let (left, right) = values.split_at(half - half % 8);
            pairwise_sum(left) + pairwise_sum(right)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soma() -> Vec<Segment> {
        (0..51)
            .map(|i| {
                let x = (i as f64 + 0.5) / 51.0;
                Segment {
                    section: 0,
                    x,
                    length: 1000.0 / 51.0,
                    distance: 1000.0 * x,
                    kind: SectionType::of_section("soma[0]"),
                }
            })
            .collect()
    }

    #[test]
    fn the_range_cuts_the_last_segment() {
        let all = Candidates::of(&soma(), &[SectionType::Soma], (0.0, 999.0));
        assert_eq!(all.segments.len(), 51);
        let last = 1.0 - all.cumulative[49];
        assert!((last - (1000.0 / 51.0 - 1.0) / 999.0).abs() < 1e-12);
        assert_eq!((all.draw(0.0), all.draw(0.999_999_9)), (Some(0), Some(50)));
    }

    #[test]
    fn nothing_fits() {
        assert!(Candidates::of(&soma(), &[SectionType::Apical], (0.0, 999.0)).is_empty());
        let beyond = Candidates::of(&soma(), &[SectionType::Soma], (1000.0, 2000.0));
        assert!(beyond.is_empty());
        assert_eq!(beyond.draw(0.5), None);
    }

    #[test]
    fn names_of_types() {
        assert_eq!(SectionType::named("basal"), Some(SectionType::Dendrite));
        assert_eq!(SectionType::of_section("apic[12]"), Some(SectionType::Apical));
        assert_eq!(SectionType::of_section("ax"), None);
    }

    #[test]
    fn sums_are_numpys() {
        // numpy.sum(1.0 / numpy.arange(1, n + 1))
        let harmonic = |n: usize| pairwise_sum(&(1..=n).map(|i| 1.0 / i as f64).collect::<Vec<_>>());
        assert_eq!(harmonic(5), 2.283333333333333);
        assert_eq!(harmonic(51), 4.518813181466679);
        assert_eq!(harmonic(1000), 7.485470860550345);
    }
}
