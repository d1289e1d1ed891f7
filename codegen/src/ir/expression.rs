//! Expressions of the IR.

use super::{ColumnId, GlobalId, IonId, LocalId, TableColumn};
use serde::{Deserialize, Serialize};

/// Something that can be read, and (but for globals) written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A per-instance variable.
    Column(ColumnId),
    /// A shared value; never written.
    Global(GlobalId),
    /// A local of the function.
    Local(LocalId),
    /// An argument of NET_RECEIVE: persistent memory of the NetCon.
    NetArgument(u32),
    /// The same of the NetCon that a FOR_NETCONS visits: one of those that end in the instance, perhaps the one
    /// whose event is handled.
    EachArgument(u32),
}

impl Place {
    /// The place that may be the same memory: an argument of the NetCon whose event is handled, and that of the one
    /// visited.
    pub fn alias(self) -> Option<Place> {
        match self {
            Place::NetArgument(id) => Some(Place::EachArgument(id)),
            Place::EachArgument(id) => Some(Place::NetArgument(id)),
            Place::Column(_) | Place::Global(_) | Place::Local(_) => None,
        }
    }
}

/// Places in a row: `ca[0]` and those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Array {
    /// Element 0.
    pub first: Place,
    /// Count of elements; at least 1.
    pub length: u32,
}

impl Array {
    /// Element `at`, limited to the array.
    pub fn element(self, at: u32) -> Place {
        let at = at.min(self.length.saturating_sub(1));
        match self.first {
            Place::Column(id) => Place::Column(ColumnId(id.0 + at)),
            Place::Global(id) => Place::Global(GlobalId(id.0 + at)),
            Place::Local(id) => Place::Local(LocalId(id.0 + at)),
            Place::NetArgument(id) => Place::NetArgument(id + at),
            Place::EachArgument(id) => Place::EachArgument(id + at),
        }
    }

    /// All elements in order.
    pub fn elements(self) -> impl Iterator<Item = Place> {
        (0..self.length).map(move |at| self.element(at))
    }

    /// Whether a place is one of the elements.
    pub fn contains(self, place: Place) -> bool {
        self.first <= place && place <= self.element(self.length.saturating_sub(1))
    }

    /// Which element an index means: truncated, then limited to the array.
    pub fn position(self, index: f64) -> u32 {
        // A conversion saturates, and makes NaN 0.
        (index as u32).min(self.length.saturating_sub(1))
    }
}

/// What the simulator provides; read-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Input {
    /// Membrane potential of the node, mV.
    V,
    /// Time, ms.
    T,
    /// Time step, ms.
    Dt,
    /// Temperature, degC.
    Celsius,
    /// Area of the compartment, um2 (100 at section ends without area).
    Area,
    /// Diameter of the compartment, um.
    Diam,
    /// The event's flag in NET_RECEIVE: 0 for a NetCon's event.
    Flag,
}

/// A value of an ion at the instance's node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IonField {
    /// Reversal potential `eca`, mV.
    Erev,
    /// Inside concentration `cai`, mM.
    Conci,
    /// Outside concentration `cao`, mM.
    Conco,
    /// Total current `ica`, mA/cm2.
    Current,
    /// d`ica`/dv, S/cm2.
    Didv,
}

impl IonField {
    /// All fields in the order in which they are stored.
    pub const ALL: [IonField; 5] =
        [IonField::Erev, IonField::Conci, IonField::Conco, IonField::Current, IonField::Didv];

    /// Position among the ion's columns.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Arithmetic on two reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BinaryOperator {
    /// a + b.
    Add,
    /// a - b.
    Subtract,
    /// a * b.
    Multiply,
    /// a / b.
    Divide,
}

/// Comparison of two reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// a < b.
    Less,
    /// a <= b.
    LessEqual,
    /// a > b.
    Greater,
    /// a >= b.
    GreaterEqual,
    /// a == b.
    Equal,
    /// a != b.
    NotEqual,
}

/// Mathematical functions; both back ends have them in their `math` module under these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Math {
    /// e^x.
    Exp,
    /// e^x - 1, exact for small x.
    Expm1,
    /// e^x - 1 where e^x, the second argument, is known anyway; in single precision as exact as [`Math::Expm1`].
    Expm1Of,
    /// x, but at most a number whose inverse is next to nothing beside 1: what quotients are made of is finite then.
    Bounded,
    /// A potential in mV, but not farther from 0 than it ever is: 750 mV, in single precision 150 mV.
    Confined,
    /// x / (e^x - 1), 1 at 0.
    Exprelr,
    /// Natural logarithm.
    Log,
    /// Logarithm to base 10.
    Log10,
    /// x^y.
    Pow,
    /// Square root.
    Sqrt,
    /// Absolute value.
    Abs,
    /// Largest integer not above x.
    Floor,
    /// Smallest integer not below x.
    Ceil,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent.
    Tan,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Arc tangent.
    Atan,
    /// Smaller of two.
    Min,
    /// Larger of two.
    Max,
    /// x - y * trunc(x / y), C's fmod.
    Fmod,
}

impl Math {
    /// Name of the function in the `math` modules of both back ends.
    pub fn name(self) -> &'static str {
        match self {
            Math::Exp => "exp",
            Math::Expm1 => "expm1",
            Math::Expm1Of => "expm1_of",
            Math::Bounded => "bounded",
            Math::Confined => "confined",
            Math::Exprelr => "exprelr",
            Math::Log => "log",
            Math::Log10 => "log10",
            Math::Pow => "pow",
            Math::Sqrt => "sqrt",
            Math::Abs => "abs",
            Math::Floor => "floor",
            Math::Ceil => "ceil",
            Math::Sin => "sin",
            Math::Cos => "cos",
            Math::Tan => "tan",
            Math::Sinh => "sinh",
            Math::Cosh => "cosh",
            Math::Tanh => "tanh",
            Math::Atan => "atan",
            Math::Min => "min",
            Math::Max => "max",
            Math::Fmod => "fmod",
        }
    }

    /// Count of arguments.
    pub fn arity(self) -> usize {
        match self {
            Math::Expm1Of | Math::Pow | Math::Min | Math::Max | Math::Fmod => 2,
            Math::Exp
            | Math::Expm1
            | Math::Bounded
            | Math::Confined
            | Math::Exprelr
            | Math::Log
            | Math::Log10
            | Math::Sqrt
            | Math::Abs
            | Math::Floor
            | Math::Ceil
            | Math::Sin
            | Math::Cos
            | Math::Tan
            | Math::Sinh
            | Math::Cosh
            | Math::Tanh
            | Math::Atan => 1,
        }
    }
}

/// An expression: real unless said otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// The value of a place.
    Load(Place),
    /// The element of an array at a run-time index.
    Element(Array, Box<Expression>),
    /// The value of a table at an argument.
    Lookup(TableColumn, Box<Expression>),
    /// Its slope there.
    LookupSlope(TableColumn, Box<Expression>),
    /// A value that the simulator provides.
    Input(Input),
    /// A value of an ion at the node.
    Ion(IonId, IonField),
    /// -a.
    Negate(Box<Expression>),
    /// Arithmetic.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// a * b + c, where contraction to a fused operation is allowed.
    MulAdd(Box<Expression>, Box<Expression>, Box<Expression>),
    /// A mathematical function.
    Call(Math, Vec<Expression>),
    /// `condition ? a : b`; both may be evaluated.
    Select(Box<Expression>, Box<Expression>, Box<Expression>),
    /// Boolean: a comparison.
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// Boolean: and.
    And(Box<Expression>, Box<Expression>),
    /// Boolean: or.
    Or(Box<Expression>, Box<Expression>),
    /// Boolean: not.
    Not(Box<Expression>),
}

impl Expression {
    /// The value of a local.
    pub fn local(id: LocalId) -> Self {
        Self::Load(Place::Local(id))
    }

    /// The value of a column.
    pub fn column(id: ColumnId) -> Self {
        Self::Load(Place::Column(id))
    }

    /// Arithmetic without simplification.
    pub fn binary(operator: BinaryOperator, left: Expression, right: Expression) -> Self {
        Self::Binary(operator, Box::new(left), Box::new(right))
    }

    /// The immediate operands.
    pub fn operands(&self) -> Vec<&Expression> {
        match self {
            Self::Number(_) | Self::Load(_) | Self::Input(_) | Self::Ion(..) => vec![],
            Self::Negate(a) | Self::Not(a) | Self::Element(_, a) | Self::Lookup(_, a) | Self::LookupSlope(_, a) => {
                vec![a]
            }
            Self::Binary(_, a, b) | Self::Compare(_, a, b) | Self::And(a, b) | Self::Or(a, b) => {
                vec![a, b]
            }
            Self::MulAdd(a, b, c) | Self::Select(a, b, c) => vec![a, b, c],
            Self::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// The immediate operands, to be changed.
    pub fn operands_mut(&mut self) -> Vec<&mut Expression> {
        match self {
            Self::Number(_) | Self::Load(_) | Self::Input(_) | Self::Ion(..) => vec![],
            Self::Negate(a) | Self::Not(a) | Self::Element(_, a) | Self::Lookup(_, a) | Self::LookupSlope(_, a) => {
                vec![a]
            }
            Self::Binary(_, a, b) | Self::Compare(_, a, b) | Self::And(a, b) | Self::Or(a, b) => {
                vec![a, b]
            }
            Self::MulAdd(a, b, c) | Self::Select(a, b, c) => vec![a, b, c],
            Self::Call(_, arguments) => arguments.iter_mut().collect(),
        }
    }

    /// Visits the expression and all below it, parents first.
    pub fn visit(&self, visitor: &mut impl FnMut(&Expression)) {
        visitor(self);
        for operand in self.operands() {
            operand.visit(visitor);
        }
    }

    /// Rewrites bottom-up: operands first, then the expression itself.
    pub fn rewrite(&mut self, rewriter: &mut impl FnMut(&mut Expression)) {
        for operand in self.operands_mut() {
            operand.rewrite(rewriter);
        }
        rewriter(self);
    }

    /// Whether it is a condition.
    pub fn is_boolean(&self) -> bool {
        matches!(self, Self::Compare(..) | Self::And(..) | Self::Or(..) | Self::Not(_))
    }
}
