//! A section: an unbranched cable, its segments, and what is inserted in it.
//!
//! Values along a section are kept per segment **in node order**: segment 0 is next to the end by which the section is
//! connected to its parent. For a section connected by its 0 end (nearly all) that is the order of increasing x; for one
//! connected by its 1 end it is mirrored, as in NEURON. [`Section::segment_index`] turns a position into a segment.

use std::{borrow::Cow, fmt};

use indexmap::IndexMap;

use crate::{CellError, IonVariable, points::Point};

/// The name of a section: `soma`, `dend[3]`, and the object that owns it where that is not the cell itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SectionName {
    /// Name of the owning object, for sections of objects inside the cell.
    pub owner: Option<String>,
    /// Name given to `create`.
    pub base: String,
    /// Subscripts; empty for a section that is no array.
    pub indices: Vec<usize>,
}

impl SectionName {
    /// A section that is not an array element.
    pub fn scalar(base: &str) -> Self {
        Self { owner: None, base: base.to_string(), indices: Vec::new() }
    }

    /// Element `index` of the array `base`.
    pub fn element(base: &str, index: usize) -> Self {
        Self { owner: None, base: base.to_string(), indices: vec![index] }
    }
}

impl fmt::Display for SectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(owner) = &self.owner {
            write!(f, "{owner}.")?;
        }
        f.write_str(&self.base)?;
        self.indices.iter().try_for_each(|index| write!(f, "[{index}]"))
    }
}

/// A density mechanism inserted in a section. Variables that were never set are absent, segments that were never set
/// are `None`: their defaults are the mechanism's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DensityMechanism {
    /// Values per segment, by the variable's NMODL name.
    pub values: IndexMap<String, Vec<Option<f64>>>,
}

/// An ion present in a section. `None` where the user did not set the value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IonValues {
    /// Reversal potential per segment, mV.
    pub reversal: Vec<Option<f64>>,
    /// Concentration inside per segment, mM.
    pub inside: Vec<Option<f64>>,
    /// Concentration outside per segment, mM.
    pub outside: Vec<Option<f64>>,
    /// The five numbers given to `ion_style`, where the user called it: concentration style, reversal style, einit,
    /// eadvance, cinit.
    pub style: Option<[u8; 5]>,
}

impl IonValues {
    fn unset(nseg: usize) -> Self {
        Self { reversal: vec![None; nseg], inside: vec![None; nseg], outside: vec![None; nseg], style: None }
    }

    /// The column of `variable`; `None` for the current, which is not the cell's to set.
    pub fn column(&self, variable: IonVariable) -> Option<&[Option<f64>]> {
        match variable {
            IonVariable::Reversal => Some(&self.reversal),
            IonVariable::Inside => Some(&self.inside),
            IonVariable::Outside => Some(&self.outside),
            IonVariable::Current => None,
        }
    }

    /// The column of `variable`, to be changed.
    pub fn column_mut(&mut self, variable: IonVariable) -> Option<&mut [Option<f64>]> {
        match variable {
            IonVariable::Reversal => Some(&mut self.reversal),
            IonVariable::Inside => Some(&mut self.inside),
            IonVariable::Outside => Some(&mut self.outside),
            IonVariable::Current => None,
        }
    }
}

/// An unbranched cable.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub(crate) name: SectionName,
    /// Length, um. With 3-d points it follows them at the next [`Section::refresh`].
    pub(crate) length: f64,
    /// Axial resistivity, ohm cm.
    pub(crate) ra: f64,
    pub(crate) rallbranch: f64,
    /// True for a section connected by its 1 end.
    pub(crate) reversed: bool,
    pub(crate) diam: Vec<f64>,
    pub(crate) cm: Vec<f64>,
    pub(crate) points: Vec<Point>,
    /// Where the line that connects the first 3-d point to the parent leaves the parent, um.
    pub(crate) logical: Option<[f32; 3]>,
    /// Geometry changed since `diam` and `length` were last derived from the points.
    pub(crate) stale: bool,
    pub(crate) mechanisms: IndexMap<String, DensityMechanism>,
    pub(crate) ions: IndexMap<String, IonValues>,
}

impl Section {
    /// A new section with NEURON's defaults: L 100 um, diam 500 um, nseg 1, Ra 35.4 ohm cm, cm 1 uF/cm2.
    pub fn new(name: SectionName) -> Self {
        Self {
            name,
            length: 100.0,
            ra: 35.4,
            rallbranch: 1.0,
            reversed: false,
            diam: vec![500.0],
            cm: vec![1.0],
            points: Vec::new(),
            logical: None,
            stale: true,
            mechanisms: IndexMap::new(),
            ions: IndexMap::new(),
        }
    }

    /// The section's name.
    pub fn name(&self) -> &SectionName {
        &self.name
    }

    /// Number of segments.
    pub fn nseg(&self) -> usize {
        self.diam.len()
    }

    /// Length, um: the arc length where the section has 3-d points. Never below 1e-9.
    pub fn length(&self) -> f64 {
        let length = match self.points.last() {
            Some(last) if self.stale => last.arc,
            _ => self.length,
        };
        length.max(1e-9)
    }

    /// Axial resistivity, ohm cm.
    pub fn ra(&self) -> f64 {
        self.ra
    }

    /// Sets the axial resistivity, ohm cm.
    pub fn set_ra(&mut self, ra: f64) {
        self.ra = ra;
        self.stale = true;
    }

    /// Number of identical branches that this section stands for (`rallbranch`).
    pub fn rallbranch(&self) -> f64 {
        self.rallbranch
    }

    /// Sets `rallbranch`.
    pub fn set_rallbranch(&mut self, branches: f64) {
        self.rallbranch = branches;
        self.stale = true;
    }

    /// True where the section is connected to its parent by its 1 end.
    pub fn is_reversed(&self) -> bool {
        self.reversed
    }

    /// Specific capacitance per segment, uF/cm2.
    pub fn cm(&self) -> &[f64] {
        &self.cm
    }

    /// Specific capacitance per segment, to be changed, uF/cm2.
    pub fn cm_mut(&mut self) -> &mut [f64] {
        &mut self.cm
    }

    /// Diameter per segment, um; derived from the 3-d points where there are any.
    pub fn diam(&self) -> Cow<'_, [f64]> {
        match self.geometry() {
            Ok(geometry) if self.stale && self.points.len() > 1 => geometry.diam.into(),
            _ => self.diam.as_slice().into(),
        }
    }

    /// The inserted density mechanisms by SUFFIX, in order of insertion.
    pub fn mechanisms(&self) -> &IndexMap<String, DensityMechanism> {
        &self.mechanisms
    }

    /// The ions present, with the values that were set.
    pub fn ions(&self) -> &IndexMap<String, IonValues> {
        &self.ions
    }

    /// An ion's values, to be changed; the ion is added if it is not there.
    pub fn ion_mut(&mut self, ion: &str) -> &mut IonValues {
        let nseg = self.nseg();
        self.ions.entry(ion.to_string()).or_insert_with(|| IonValues::unset(nseg))
    }

    /// Inserts a density mechanism and the ions it uses. Inserting twice changes nothing.
    pub fn insert(&mut self, mechanism: &str, ions: &[String]) {
        self.mechanisms.entry(mechanism.to_string()).or_default();
        for ion in ions {
            self.ion_mut(ion);
        }
    }

    /// Takes a density mechanism out, with its values; the ions stay. True if it was there.
    pub fn uninsert(&mut self, mechanism: &str) -> bool {
        self.mechanisms.shift_remove(mechanism).is_some()
    }

    /// The column of a mechanism's RANGE variable, created unset; `None` where the mechanism is not inserted.
    pub fn range_mut(&mut self, mechanism: &str, variable: &str) -> Option<&mut Vec<Option<f64>>> {
        let nseg = self.nseg();
        let values = &mut self.mechanisms.get_mut(mechanism)?.values;
        if !values.contains_key(variable) {
            values.insert(variable.to_string(), vec![None; nseg]);
        }
        values.get_mut(variable)
    }

    /// The segment that holds position `x`: `int(nseg x)`, the last one for x = 1, counted in node order.
    pub fn segment_index(&self, x: f64) -> Result<usize, CellError> {
        if !(0.0..=1.0).contains(&x) {
            return Err(CellError::Position { section: self.name.to_string(), x });
        }
        let n = self.nseg();
        let index = ((n as f64 * x) as usize).min(n - 1);
        Ok(if self.reversed { n - 1 - index } else { index })
    }

    /// Position of the centre of segment `index` (node order).
    pub fn segment_x(&self, index: usize) -> f64 {
        let x = (index as f64 + 0.5) / self.nseg() as f64;
        if self.reversed { 1.0 - x } else { x }
    }

    /// Changes the number of segments. Values along the section are kept by location: a new segment takes those of the
    /// old segment that holds its centre, except that growing keeps every old segment at its own centre.
    pub fn set_nseg(&mut self, nseg: usize) -> Result<(), CellError> {
        if nseg == 0 || nseg > 32767 {
            return Err(CellError::Nseg { section: self.name.to_string(), nseg: nseg as f64 });
        }
        let old = self.nseg();
        if old == nseg {
            return Ok(());
        }
        let holder = |i: usize, of: usize, among: usize| ((i as f64 + 0.5) / of as f64 * among as f64) as usize;
        let mut source: Vec<usize> = (0..nseg).map(|i| holder(i, nseg, old)).collect();
        if old < nseg {
            (0..old).for_each(|i| source[holder(i, old, nseg)] = i);
        }
        self.diam = pick(&self.diam, &source);
        self.cm = pick(&self.cm, &source);
        for column in self.mechanisms.values_mut().flat_map(|m| m.values.values_mut()) {
            *column = pick(column, &source);
        }
        for ion in self.ions.values_mut() {
            for column in [&mut ion.reversal, &mut ion.inside, &mut ion.outside] {
                *column = pick(column, &source);
            }
        }
        self.stale = true;
        Ok(())
    }

    /// Sets nseg so that no segment is much longer than `dl` um: `1 + 2 int(L / (2 dl))`, always odd.
    pub fn set_nseg_from_dl(&mut self, dl: f64) -> Result<(), CellError> {
        let nseg = 1.0 + 2.0 * (self.length() / (2.0 * dl)).trunc();
        if !(1.0..=32767.0).contains(&nseg) {
            return Err(CellError::Nseg { section: self.name.to_string(), nseg });
        }
        self.set_nseg(nseg as usize)
    }

    /// Mirrors the segments: called when the section comes to be connected by its other end.
    pub(crate) fn reverse(&mut self) {
        self.reversed = !self.reversed;
        self.diam.reverse();
        self.cm.reverse();
        self.mechanisms.values_mut().flat_map(|m| m.values.values_mut()).for_each(|column| column.reverse());
        for ion in self.ions.values_mut() {
            ion.reversal.reverse();
            ion.inside.reverse();
            ion.outside.reverse();
        }
        self.stale = true;
    }
}

fn pick<T: Clone>(values: &[T], source: &[usize]) -> Vec<T> {
    source.iter().map(|&i| values[i].clone()).collect()
}
