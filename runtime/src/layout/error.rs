//! What can be wrong with a network when it is laid out.

/// A network names something that does not exist.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LayoutError {
    /// A point process without a compiled mechanism.
    #[error("there is no POINT_PROCESS `{mechanism}` among the compiled mechanisms")]
    NoPointProcess {
        /// Its name.
        mechanism: String,
    },
    /// An artificial cell without a compiled mechanism.
    #[error("there is no ARTIFICIAL_CELL `{mechanism}` among the compiled mechanisms")]
    NoArtificialCell {
        /// Its name.
        mechanism: String,
    },
    /// A NetCon to an instance that takes no events.
    #[error("`{mechanism}` has no NET_RECEIVE block, so no NetCon can end in it")]
    NoReceiver {
        /// Its name.
        mechanism: String,
    },
    /// A NetCon from an instance that sends no events.
    #[error("`{mechanism}` has no net_event, so no NetCon can begin in it")]
    NoSender {
        /// Its name.
        mechanism: String,
    },
    /// A density mechanism without a compiled mechanism.
    #[error("section {section}: there is no mechanism `{mechanism}` among the compiled ones")]
    NoMechanism {
        /// Its name.
        mechanism: String,
        /// Where it is inserted.
        section: String,
    },
    /// An instance whose POINTER nobody has set.
    #[error(
        "{place}: POINTER `{pointer}` of `{mechanism}` is not set; setpointer is not supported, so remove the mechanism"
    )]
    UnsetPointer {
        /// The mechanism.
        mechanism: String,
        /// The POINTER.
        pointer: String,
        /// The cell.
        place: String,
    },
    /// An EXTERNAL variable without a value.
    #[error("EXTERNAL `{variable}` of `{mechanism}` has no value: {reason}")]
    External {
        /// The mechanism.
        mechanism: String,
        /// The variable.
        variable: String,
        /// Why.
        reason: String,
    },
    /// An instance that needs what nothing gives.
    #[error("{place}: `{mechanism}` cannot run without {}, which HOC sets in NEURON; {}", missing.what, missing.help)]
    Incomplete {
        /// The mechanism.
        mechanism: String,
        /// What it needs.
        missing: codegen::ir::Missing,
        /// The cell.
        place: String,
    },
    /// A variable that would have to be the same all the time.
    #[error("`{variable}` of mechanism `{mechanism}` cannot change in a run: INITIAL computes other values from it")]
    Settled {
        /// The mechanism.
        mechanism: String,
        /// The variable.
        variable: String,
    },
    /// A parameter that the mechanism does not have.
    #[error("mechanism `{mechanism}` has no parameter `{parameter}`")]
    NoParameter {
        /// The mechanism.
        mechanism: String,
        /// The parameter.
        parameter: String,
    },
    /// A variable that is not to be had at a place.
    #[error("there is no variable `{variable}` at {section}({x})")]
    NoVariable {
        /// The variable.
        variable: String,
        /// Section name.
        section: String,
        /// Position.
        x: f64,
    },
    /// Two mechanisms disagree on an ion's valence.
    #[error("ion `{ion}` has valence {} by {} and {} by {}", first.0, first.1, second.0, second.1)]
    Valence {
        /// The ion.
        ion: String,
        /// One valence, and who says so.
        first: (f64, String),
        /// The other.
        second: (f64, String),
    },
    /// No mechanism says an ion's valence.
    #[error("ion `{ion}` needs VALENCE in the USEION statement of at least one mechanism")]
    NoValence {
        /// The ion.
        ion: String,
    },
    /// A point process with an ion where there is no membrane.
    #[error(
        "point process `{mechanism}` uses an ion and cannot stand at {section}({x}), the end of a section; place it between 0 and 1"
    )]
    IonAtEnd {
        /// The mechanism.
        mechanism: String,
        /// Section name.
        section: String,
        /// Position.
        x: f64,
    },
    /// A template called `ion_style`.
    #[error(
        "section {section}: `ion_style` of ion `{ion}` was set by the template; only the style that the mechanisms imply is supported"
    )]
    IonStyleCall {
        /// The ion.
        ion: String,
        /// Section name.
        section: String,
    },
    /// The geometry of a cell makes no sense.
    #[error("{0}")]
    Geometry(String),
    /// A place outside a cell.
    #[error("there is no place {x} in section {section} of a cell with {sections} sections")]
    NoPlace {
        /// Section id.
        section: usize,
        /// Position.
        x: f64,
        /// Count of sections.
        sections: usize,
    },
    /// Sections that are not connected.
    #[error("a cell has {roots} sections without a parent; connect all but one of them")]
    Roots {
        /// Count of roots.
        roots: usize,
    },
}
