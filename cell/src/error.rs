//! What can be wrong with a cell that is built or discretised.

/// A cell that cannot be built as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CellError {
    /// A segment's diameter is zero or negative.
    #[error("diameter of section {section}, segment {segment}, is {diam} um; it must be positive")]
    Diameter {
        /// Name of the section.
        section: String,
        /// Segment, counted from the end connected to the parent.
        segment: usize,
        /// The diameter found, um.
        diam: f64,
    },
    /// A segment's capacitance is negative.
    #[error("cm of section {section}, segment {segment}, is {cm} uF/cm2; it must not be negative")]
    Capacitance {
        /// Name of the section.
        section: String,
        /// Segment, counted from the end connected to the parent.
        segment: usize,
        /// The capacitance found, uF/cm2.
        cm: f64,
    },
    /// `nseg` outside 1..=32767.
    #[error("nseg of section {section} cannot be {nseg}; it must be a whole number from 1 to 32767")]
    Nseg {
        /// Name of the section.
        section: String,
        /// The value asked for.
        nseg: f64,
    },
    /// A position along a section outside [0, 1].
    #[error("position {x} on section {section} is outside 0 to 1")]
    Position {
        /// Name of the section.
        section: String,
        /// The position asked for.
        x: f64,
    },
    /// A child must be connected by its 0 or its 1 end.
    #[error("section {section} must be connected by its end 0 or 1, not {end}")]
    ConnectEnd {
        /// Name of the child section.
        section: String,
        /// The end asked for.
        end: f64,
    },
    /// A connection that would make a section its own ancestor.
    #[error("connecting section {section} to {parent} would form a loop")]
    Loop {
        /// Name of the child section.
        section: String,
        /// Name of the parent section.
        parent: String,
    },
    /// A 3-d point that a section does not have.
    #[error("section {section} has {count} 3-d points, there is none with index {index}")]
    PointIndex {
        /// Name of the section.
        section: String,
        /// The index asked for.
        index: usize,
        /// How many points there are.
        count: usize,
    },
    /// A section that is needed is not there.
    #[error("the cell has no section `{name}`")]
    NoSection {
        /// Its name.
        name: String,
    },
}
