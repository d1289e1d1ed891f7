//! A kernel as a list of instructions on slots: what lowering makes, before slots have places in memory.

use codegen::back::variables::Variable;
use codegen::ir::{BinaryOperator, Generator, Input, Math, TableColumn};

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A number of the program.
    Constant(u16),
    /// A value that all instances share, computed once a call. The first ones are [`Code::shared`].
    Uniform(u16),
    /// A vector of the program's own.
    Register(u32),
    /// [`Code::memory`].
    Memory(u16),
}

impl Slot {
    /// Whether it is one value for all instances.
    pub fn is_uniform(self) -> bool {
        match self {
            Slot::Constant(_) | Slot::Uniform(_) => true,
            Slot::Register(_) | Slot::Memory(_) => false,
        }
    }
}

/// An operation without effect on anything but its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Copy,
    Negate,
    Not,
    Binary(BinaryOperator),
    Less,
    LessEqual,
    Equal,
    NotEqual,
    And,
    AndNot,
    Or,
    Call(Math),
    MulAdd,
    /// a * b - c, rounded as `MulAdd`.
    MulSubtract,
    /// c - a * b, likewise.
    SubtractProduct,
    /// (a * b) * c.
    Multiply3,
    /// (a + b) + c.
    Add3,
    /// a * (b - c).
    MultiplyDifference,
    /// a / (b + c).
    DivideSum,
    /// First operand: the condition.
    Select,
    /// Where the table's entries below the operand are: number of the table among [`Code::tables`].
    Below(u16),
    /// Those above.
    Above(u16),
    /// How far the operand lies between them.
    Fraction(u16),
    /// The entries there.
    Entry(u16),
    /// Between two entries; second operand: the fraction.
    Interpolate,
    /// The table's slope at the operand.
    LookupSlope(u16),
}

impl Operation {
    /// Whether the result goes where an operand is, the one that loops can update.
    pub fn updated(self, to: Slot, from: &[Slot]) -> bool {
        match self {
            Operation::Binary(_) | Operation::And | Operation::AndNot | Operation::Or => from[0] == to && from[1] != to,
            Operation::MulAdd
            | Operation::MulSubtract
            | Operation::SubtractProduct
            | Operation::Multiply3
            | Operation::Add3
            | Operation::MultiplyDifference
            | Operation::DivideSum
            | Operation::Interpolate
            | Operation::Select => from[2] == to && from[0] != to && from[1] != to,
            Operation::Copy
            | Operation::Negate
            | Operation::Not
            | Operation::Less
            | Operation::LessEqual
            | Operation::Equal
            | Operation::NotEqual
            | Operation::Call(_)
            | Operation::Below(_)
            | Operation::Above(_)
            | Operation::Fraction(_)
            | Operation::Entry(_)
            | Operation::LookupSlope(_) => false,
        }
    }
}

/// An array of which a kernel chooses an element as it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elements {
    /// Element 0; the others are in the slots that follow.
    pub first: Slot,
    pub length: u32,
}

/// How an event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    Send,
    Event,
    Move,
}

/// One instruction. Conditions are 1 or 0; a `mask` is one, none means all instances.
#[derive(Clone, Debug, PartialEq)]
pub enum Instruction {
    Compute {
        operation: Operation,
        to: Slot,
        from: Vec<Slot>,
    },
    /// Goes to another instruction if the condition holds for no instance.
    Unless {
        condition: Slot,
        to: usize,
    },
    Jump {
        to: usize,
    },
    /// Sets a counter of rounds to 0.
    Begin {
        counter: u16,
    },
    /// Counts a round and goes back if there have been fewer than `limit`.
    Repeat {
        counter: u16,
        limit: u32,
        to: usize,
    },
    /// Random numbers: value, low and high part of the state.
    Draw {
        generator: Generator,
        arguments: Vec<Slot>,
        to: [Slot; 3],
        mask: Option<Slot>,
    },
    Element {
        elements: Elements,
        index: Slot,
        to: Slot,
    },
    SetElement {
        elements: Elements,
        index: Slot,
        value: Slot,
        mask: Option<Slot>,
    },
    Post {
        post: Post,
        value: Slot,
        flag: Slot,
        mask: Option<Slot>,
    },
    /// Goes before the first NetCon of the instance.
    FirstNetcon,
    /// Goes to the next NetCon, or to another instruction if there is none.
    NextNetcon {
        end: usize,
    },
    /// Reads an argument of the NetCon whose event is handled, or of the one visited.
    LoadArgument {
        each: bool,
        at: u32,
        to: Slot,
    },
    StoreArgument {
        each: bool,
        at: u32,
        value: Slot,
    },
}

impl Instruction {
    /// The slots that it reads.
    pub fn reads(&self) -> Vec<Slot> {
        let masked = |slots: &[Slot], mask: &Option<Slot>| slots.iter().copied().chain(*mask).collect();
        match self {
            Instruction::Compute { from, .. } => from.clone(),
            Instruction::Unless { condition, .. } => vec![*condition],
            Instruction::Draw { arguments, mask, .. } => masked(arguments, mask),
            Instruction::Element { index, .. } => vec![*index],
            Instruction::SetElement { index, value, mask, .. } => masked(&[*index, *value], mask),
            Instruction::Post { value, flag, mask, .. } => masked(&[*value, *flag], mask),
            Instruction::StoreArgument { value, .. } => vec![*value],
            Instruction::Jump { .. }
            | Instruction::Begin { .. }
            | Instruction::Repeat { .. }
            | Instruction::FirstNetcon
            | Instruction::NextNetcon { .. }
            | Instruction::LoadArgument { .. } => vec![],
        }
    }

    /// The slots that it writes, but for elements of arrays.
    pub fn writes(&self) -> Vec<Slot> {
        match self {
            Instruction::Compute { to, .. }
            | Instruction::Element { to, .. }
            | Instruction::LoadArgument { to, .. } => vec![*to],
            Instruction::Draw { to, .. } => to.to_vec(),
            Instruction::Unless { .. }
            | Instruction::Jump { .. }
            | Instruction::Begin { .. }
            | Instruction::Repeat { .. }
            | Instruction::SetElement { .. }
            | Instruction::Post { .. }
            | Instruction::FirstNetcon
            | Instruction::NextNetcon { .. }
            | Instruction::StoreArgument { .. } => vec![],
        }
    }

    /// Where it may go on, unless at the next instruction.
    pub fn target_mut(&mut self) -> Option<&mut usize> {
        match self {
            Instruction::Unless { to, .. }
            | Instruction::Jump { to }
            | Instruction::Repeat { to, .. }
            | Instruction::NextNetcon { end: to } => Some(to),
            Instruction::Compute { .. }
            | Instruction::Begin { .. }
            | Instruction::Draw { .. }
            | Instruction::Element { .. }
            | Instruction::SetElement { .. }
            | Instruction::Post { .. }
            | Instruction::FirstNetcon
            | Instruction::LoadArgument { .. }
            | Instruction::StoreArgument { .. } => None,
        }
    }
}

/// A value that all instances share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    Global(u32),
    /// One of t, dt, celsius and flag.
    Input(Input),
}

/// What a kernel uses of the arrays of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    pub what: Cell,
    /// It is there before the first instruction.
    pub load: bool,
    /// It goes back after the last one.
    pub store: bool,
    /// Both only if this is wanted of the block, and so for sums.
    pub guard: Option<Guard>,
}

/// What decides whether a kernel of a step keeps a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Users look at it.
    Observed,
    /// Currents of ions are added up.
    Currents,
}

/// One value per instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Any but globals and locals.
    Variable(Variable),
    V,
    Area,
    Diam,
}

/// `target += value` or `target -= value` at the node, after the last instruction. Instances that share a node add in
/// their order, each its sums in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Index of the target in [`Code::memory`].
    pub target: u16,
    pub value: Slot,
    pub subtract: bool,
}

/// A kernel.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// Runs for one instance, not for all of a block.
    pub single: bool,
    pub constants: Vec<f64>,
    pub shared: Vec<Shared>,
    /// Count of uniform values, shared ones included.
    pub uniforms: usize,
    /// Computes uniform values.
    pub prologue: Vec<Instruction>,
    pub body: Vec<Instruction>,
    /// Count of registers.
    pub registers: u32,
    /// Registers that hold something from one round of a loop to the next, or on only one of two paths.
    pub lasting: Vec<u32>,
    /// Registers of arrays: these keep their order and live from first to last instruction.
    pub arrays: u32,
    /// First and last instruction of each loop.
    pub loops: Vec<(usize, usize)>,
    pub memory: Vec<Memory>,
    pub sums: Vec<Sum>,
    pub tables: Vec<TableColumn>,
    pub counters: usize,
}

impl Cell {
    /// Whether instances at one node share it.
    pub fn is_of_node(self) -> bool {
        match self {
            Cell::Variable(Variable::Ion(..) | Variable::Rhs | Variable::Diagonal | Variable::V)
            | Cell::V
            | Cell::Area
            | Cell::Diam => true,
            Cell::Variable(
                Variable::Column(_) | Variable::Global(_) | Variable::Net(_) | Variable::Each(_) | Variable::Local(_),
            ) => false,
        }
    }
}
