//! A kernel ready to run: instructions with the slots' final numbers and the loops of this processor.

use crate::code::{Cell, Code, Elements, Instruction, Memory, Operation, Post, Shared, Slot, Sum};
use crate::operation::{self as op, AddRuns, Level, Loop, Loops, Operands, WIDTH};
use crate::real::{Arithmetic, Real};
use codegen::back::variables::Variable;
use codegen::ir::{BinaryOperator, Generator, Math, TableColumn};

/// A slot's number in the table of pointers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub slot: u16,
    /// It has one element.
    pub uniform: bool,
}

/// What an instruction became.
pub enum Step<R> {
    Loop(Loop<R>, Operands),
    Unless { condition: Place, to: u32 },
    Jump { to: u32 },
    Begin { counter: u16 },
    Repeat { counter: u16, limit: u32, to: u32 },
    Draw(Box<Draw>),
    Element { first: Place, length: u32, index: Place, to: u16 },
    SetElement { first: u16, length: u32, index: Place, value: Place, mask: Option<Place> },
    Post { kind: u32, value: Place, flag: Place, mask: Option<Place> },
    FirstNetcon,
    NextNetcon { end: u32 },
    LoadArgument { each: bool, at: u32, to: u16 },
    StoreArgument { each: bool, at: u32, value: Place },
}

/// A random number.
pub struct Draw {
    pub generator: Generator,
    pub arguments: Vec<Place>,
    pub to: [u16; 3],
    pub mask: Option<Place>,
}

/// What is added to one target: the slots of the values, and how.
pub struct Sums<R> {
    /// Index in [`Program::memory`].
    pub target: usize,
    pub values: Vec<(u16, AddRuns<R>)>,
    /// The same as loops, for targets that lie side by side.
    pub loops: Vec<(Loop<R>, Operands)>,
}

/// Where the values of nodes are listed for the rows of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    OfNodes,
    OfIon(u32),
}

impl Rows {
    fn of(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Variable(Variable::Ion(ion, _)) => Some(Rows::OfIon(ion.0)),
            cell => cell.is_of_node().then_some(Rows::OfNodes),
        }
    }
}

/// How many instances a portion may have: the choice of an instruction is paid once for that many.
const CHUNKS: [usize; 3] = [256, 128, 64];

/// Bytes of vectors that the nearest cache holds, beside what lies elsewhere.
const CACHE: usize = 32 << 10;

/// A kernel for one real type, one rounding and one processor.
pub struct Program<R> {
    pub constants: Vec<[R; WIDTH]>,
    pub shared: Vec<Shared>,
    pub uniforms: usize,
    pub registers: usize,
    /// Each with the index of its rows in [`Program::rows`], if it is a node's.
    pub memory: Vec<(Memory, Option<usize>)>,
    pub rows: Vec<Rows>,
    pub prologue: Vec<Step<R>>,
    pub body: Vec<Step<R>>,
    pub sums: Vec<Sums<R>>,
    pub tables: Vec<TableColumn>,
    pub counters: usize,
    /// Instances in a portion.
    pub chunk: usize,
    /// It stores values of the node: its instances must have nodes of their own.
    pub apart: bool,
}

impl<R: Real> Program<R> {
    /// For a processor of this level.
    pub fn new<M: Arithmetic<R>>(code: &Code, level: Level) -> Self {
        let linker = Linker {
            loops: Loops::<R, M>::new(level),
            uniforms: code.constants.len(),
            registers: code.constants.len() + code.uniforms,
            memory: code.constants.len() + code.uniforms + code.registers as usize,
        };
        let steps = |instructions: &[Instruction], prologue: bool| {
            instructions.iter().map(|instruction| linker.step(instruction, prologue)).collect()
        };
        let vectors = code.registers as usize + code.memory.len();
        let fits = |chunk: &usize| vectors * chunk * size_of::<R>() <= CACHE;
        let chunk = CHUNKS.into_iter().find(fits).unwrap_or(CHUNKS[CHUNKS.len() - 1]);
        let apart = code.memory.iter().any(|memory| memory.store && memory.what.is_of_node());
        let mut rows: Vec<Rows> = Vec::new();
        let memory = code.memory.iter().map(|memory| {
            let index = Rows::of(memory.what).map(|wanted| {
                rows.iter().position(|known| *known == wanted).unwrap_or_else(|| {
                    rows.push(wanted);
                    rows.len() - 1
                })
            });
            (*memory, index)
        });
        let memory = memory.collect();
        Self {
            constants: code.constants.iter().map(|&x| [R::literal(x); WIDTH]).collect(),
            shared: code.shared.clone(),
            uniforms: code.uniforms,
            registers: code.registers as usize,
            memory,
            rows,
            prologue: steps(&code.prologue, true),
            body: steps(&code.body, false),
            sums: linker.sums(&code.sums),
            tables: code.tables.clone(),
            counters: code.counters,
            chunk,
            apart,
        }
    }
}

/// The first number of each kind of slot but constants, which begin at 0.
struct Linker<R, M> {
    loops: Loops<R, M>,
    uniforms: usize,
    registers: usize,
    memory: usize,
}

impl<R: Real, M: Arithmetic<R>> Linker<R, M> {
    fn place(&self, slot: Slot) -> Place {
        let number = match slot {
            Slot::Constant(at) => usize::from(at),
            Slot::Uniform(at) => self.uniforms + usize::from(at),
            Slot::Register(at) => self.registers + at as usize,
            Slot::Memory(at) => self.memory + usize::from(at),
        };
        Place { slot: number as u16, uniform: slot.is_uniform() }
    }

    fn step(&self, instruction: &Instruction, prologue: bool) -> Step<R> {
        let mask = |mask: &Option<Slot>| mask.map(|slot| self.place(slot));
        let target = |to: &usize| *to as u32;
        match instruction {
            Instruction::Compute { operation, to, from } => {
                // In the prologue all are vectors of equal elements.
                let uniform = |at: usize| !prologue && from.get(at).is_some_and(|slot| slot.is_uniform());
                let run = self.run(*operation, [uniform(0), uniform(1), uniform(2)], operation.updated(*to, from));
                Step::Loop(run, self.operands(*operation, *to, from))
            }
            Instruction::Unless { condition, to } => Step::Unless { condition: self.place(*condition), to: target(to) },
            Instruction::Jump { to } => Step::Jump { to: target(to) },
            Instruction::Begin { counter } => Step::Begin { counter: *counter },
            Instruction::Repeat { counter, limit, to } => {
                Step::Repeat { counter: *counter, limit: *limit, to: target(to) }
            }
            Instruction::Draw { generator, arguments, to, mask: only } => Step::Draw(Box::new(Draw {
                generator: *generator,
                arguments: arguments.iter().map(|slot| self.place(*slot)).collect(),
                to: to.map(|slot| self.place(slot).slot),
                mask: mask(only),
            })),
            Instruction::Element { elements: Elements { first, length }, index, to } => Step::Element {
                first: self.place(*first),
                length: *length,
                index: self.place(*index),
                to: self.place(*to).slot,
            },
            Instruction::SetElement { elements: Elements { first, length }, index, value, mask: only } => {
                Step::SetElement {
                    first: self.place(*first).slot,
                    length: *length,
                    index: self.place(*index),
                    value: self.place(*value),
                    mask: mask(only),
                }
            }
            Instruction::Post { post, value, flag, mask: only } => Step::Post {
                kind: match post {
                    Post::Send => codegen::abi::post::SEND,
                    Post::Event => codegen::abi::post::EVENT,
                    Post::Move => codegen::abi::post::MOVE,
                },
                value: self.place(*value),
                flag: self.place(*flag),
                mask: mask(only),
            },
            Instruction::FirstNetcon => Step::FirstNetcon,
            Instruction::NextNetcon { end } => Step::NextNetcon { end: target(end) },
            Instruction::LoadArgument { each, at, to } => {
                Step::LoadArgument { each: *each, at: *at, to: self.place(*to).slot }
            }
            Instruction::StoreArgument { each, at, value } => {
                Step::StoreArgument { each: *each, at: *at, value: self.place(*value) }
            }
        }
    }

    fn operands(&self, operation: Operation, to: Slot, from: &[Slot]) -> Operands {
        let mut operands = [0; 3];
        for (operand, slot) in operands.iter_mut().zip(from) {
            *operand = self.place(*slot).slot;
        }
        if let Operation::Below(table)
        | Operation::Above(table)
        | Operation::Fraction(table)
        | Operation::Entry(table)
        | Operation::LookupSlope(table) = operation
        {
            operands[1] = table;
        }
        Operands { to: self.place(to).slot, from: operands }
    }

    /// The loop for an operation whose operands are uniform or not; it may update the operand where its result goes.
    fn run(&self, operation: Operation, uniform: [bool; 3], updates: bool) -> Loop<R> {
        let loops = Shaped { loops: &self.loops, updates };
        let two = [uniform[0], uniform[1]];
        match operation {
            Operation::Copy => loops.unary::<op::Copy>(uniform[0]),
            Operation::Negate => loops.unary::<op::Negate>(false),
            Operation::Not => loops.unary::<op::Not>(false),
            Operation::Binary(BinaryOperator::Add) => loops.binary::<op::Add>(two),
            Operation::Binary(BinaryOperator::Subtract) => loops.binary::<op::Subtract>(two),
            Operation::Binary(BinaryOperator::Multiply) => loops.binary::<op::Multiply>(two),
            Operation::Binary(BinaryOperator::Divide) => loops.binary::<op::Divide>(two),
            Operation::Less => loops.binary::<op::Less>(two),
            Operation::LessEqual => loops.binary::<op::LessEqual>(two),
            Operation::Equal => loops.binary::<op::Equal>(two),
            Operation::NotEqual => loops.binary::<op::NotEqual>(two),
            Operation::And => loops.binary::<op::And>(two),
            Operation::AndNot => loops.binary::<op::AndNot>(two),
            Operation::Or => loops.binary::<op::Or>(two),
            Operation::MulAdd => loops.ternary::<op::MulAdd<M>>(uniform),
            Operation::MulSubtract => loops.ternary::<op::MulSubtract<M>>(uniform),
            Operation::SubtractProduct => loops.ternary::<op::SubtractProduct<M>>(uniform),
            Operation::Multiply3 => loops.ternary::<op::Multiply3>(uniform),
            Operation::Add3 => loops.ternary::<op::Add3>(uniform),
            Operation::MultiplyDifference => loops.ternary::<op::MultiplyDifference>(uniform),
            Operation::DivideSum => loops.ternary::<op::DivideSum>(uniform),
            Operation::Select => loops.ternary::<op::Select>(uniform),
            Operation::Below(_) => self.loops.find_entry(false),
            Operation::Above(_) => self.loops.find_entry(true),
            Operation::Fraction(_) => self.loops.fraction(),
            Operation::Entry(_) => self.loops.entry(),
            Operation::Interpolate => loops.ternary::<op::Interpolate>(uniform),
            Operation::LookupSlope(_) => self.loops.lookup_slope(),
            Operation::Call(function) => match function {
                Math::Exp => loops.unary::<op::Exp<M>>(false),
                Math::Expm1 => loops.unary::<op::Expm1<M>>(false),
                Math::Bounded => loops.unary::<op::Bounded<M>>(false),
                Math::Confined => loops.unary::<op::Confined<M>>(false),
                Math::Exprelr => loops.unary::<op::Exprelr<M>>(false),
                Math::Log => loops.unary::<op::Log<M>>(false),
                Math::Log10 => loops.unary::<op::Log10<M>>(false),
                Math::Sqrt => loops.unary::<op::Sqrt<M>>(false),
                Math::Abs => loops.unary::<op::Abs<M>>(false),
                Math::Floor => loops.unary::<op::Floor<M>>(false),
                Math::Ceil => loops.unary::<op::Ceil<M>>(false),
                Math::Sin => loops.unary::<op::Sin<M>>(false),
                Math::Cos => loops.unary::<op::Cos<M>>(false),
                Math::Tan => loops.unary::<op::Tan<M>>(false),
                Math::Sinh => loops.unary::<op::Sinh<M>>(false),
                Math::Cosh => loops.unary::<op::Cosh<M>>(false),
                Math::Tanh => loops.unary::<op::Tanh<M>>(false),
                Math::Atan => loops.unary::<op::Atan<M>>(false),
                Math::Expm1Of => loops.binary::<op::Expm1Of<M>>(two),
                Math::Pow => loops.binary::<op::Pow<M>>(two),
                Math::Min => loops.binary::<op::Min<M>>(two),
                Math::Max => loops.binary::<op::Max<M>>(two),
                Math::Fmod => loops.binary::<op::Fmod<M>>(two),
            },
        }
    }

    /// The sums by target.
    fn sums(&self, sums: &[Sum]) -> Vec<Sums<R>> {
        let mut grouped: Vec<Sums<R>> = Vec::new();
        for Sum { target, value, subtract } in sums {
            let memory = Slot::Memory(*target);
            let operation = Operation::Binary(if *subtract { BinaryOperator::Subtract } else { BinaryOperator::Add });
            let loop_ = (self.run(operation, [false; 3], true), self.operands(operation, memory, &[memory, *value]));
            let value = (self.place(*value).slot, self.loops.add_runs(*subtract));
            match grouped.iter_mut().find(|sums| sums.target == usize::from(*target)) {
                Some(sums) => {
                    sums.values.push(value);
                    sums.loops.push(loop_);
                }
                None => {
                    grouped.push(Sums { target: usize::from(*target), values: vec![value], loops: vec![loop_] });
                }
            }
        }
        grouped
    }
}

/// Loops of which some update an operand.
struct Shaped<'a, R, M> {
    loops: &'a Loops<R, M>,
    updates: bool,
}

impl<R: Real, M: Arithmetic<R>> Shaped<'_, R, M> {
    fn unary<F: op::Unary<R>>(&self, a: bool) -> Loop<R> {
        self.loops.unary::<F>(a)
    }

    fn binary<F: op::Binary<R>>(&self, uniform: [bool; 2]) -> Loop<R> {
        if self.updates { self.loops.update_binary::<F>(uniform[1]) } else { self.loops.binary::<F>(uniform) }
    }

    fn ternary<F: op::Ternary<R>>(&self, uniform: [bool; 3]) -> Loop<R> {
        match self.updates {
            true => self.loops.update_ternary::<F>([uniform[0], uniform[1]]),
            false => self.loops.ternary::<F>(uniform),
        }
    }
}
