//! From the IR of a kernel to instructions.
//!
//! Instances of a chunk run side by side. A branch runs if any of them takes it, and a *mask* tells which do: what it
//! assigns is blended with what was there. A loop runs until its mask is empty. In a kernel for one instance (of
//! NET_RECEIVE) there are no masks: branches are jumps.
//!
//! Values that depend on nothing but numbers, globals and the clock are *uniform*: computed once a call.
//!
//! Columns are worked on where they lie. What instances add to their node is summed up at the end (see [`Sum`]), for
//! several of them may share it. A kernel that does more with a value of the node than to add to it wants nodes all
//! different, and gets its instances in such portions.

mod expression;
mod statement;

use crate::Refused;
use crate::code::{Cell, Code, Elements, Guard, Instruction, Memory, Operation, Shared, Slot, Sum};
use codegen::back::variables::{Variable, Variables};
use codegen::ir::{Array, Expression, Function, Input, IonField, LocalId, Mechanism, Place, Statement, StatementKind};
use codegen::passes::flow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most slots of one kind.
const MOST_SLOTS: usize = u16::MAX as usize / 4;

/// The instructions of a kernel.
pub fn run(mechanism: &Mechanism, name: &str, function: &Function) -> Result<Code, Refused> {
    let refused = |reason: String| Refused { mechanism: mechanism.name.clone(), kernel: name.to_owned(), reason };
    let variables = Variables::of(function);
    let code = Code { single: name.starts_with("net_"), ..Code::default() };
    let mut lower = Lower {
        of_step: matches!(name, "current" | "current_difference" | "state"),
        carried: flow::carried(mechanism),
        sums: sums(function),
        variables,
        code,
        entry: Vec::new(),
        mask: None,
        depth: 0,
        branches: 0,
        number: 0,
        memory: BTreeMap::new(),
        locals: BTreeMap::new(),
        bound: BTreeMap::new(),
        depths: BTreeMap::new(),
        located: Vec::new(),
        computed: HashMap::new(),
    };
    lower.reserve().map_err(refused)?;
    lower.block(&function.body).map_err(refused)?;
    let code = lower.finish();
    let most = [code.constants.len(), code.uniforms, code.memory.len(), code.tables.len(), code.counters];
    if most.into_iter().any(|count| count > MOST_SLOTS) {
        return Err(refused("it has more variables than the evaluator can number".to_owned()));
    }
    Ok(code)
}

struct Lower {
    variables: Variables,
    /// It runs in every step for all instances.
    of_step: bool,
    /// The columns that kernels hand on.
    carried: BTreeSet<Place>,
    /// The variables that are only added to.
    sums: BTreeSet<Variable>,
    code: Code,
    /// What runs before the body: numbers that variables begin with.
    entry: Vec<Instruction>,
    /// The instances for which statements run now; none means all.
    mask: Option<Slot>,
    /// How many masks are in force.
    depth: usize,
    /// How many branches and loops the statement is in.
    branches: usize,
    /// Of the statement, as [`Variables`] counts.
    number: usize,
    memory: BTreeMap<CellKey, u16>,
    locals: BTreeMap<LocalId, Slot>,
    /// Locals that are names for a value.
    bound: BTreeMap<LocalId, Slot>,
    /// The depth at which a local is declared, if not 0.
    depths: BTreeMap<LocalId, usize>,
    /// Tables and arguments of which it is known where the entries are, for the statements that follow in the block.
    located: Vec<(u16, Slot, [Slot; 3])>,
    /// Uniform values that are there already.
    computed: HashMap<(Operation, Vec<Slot>), Slot>,
}

/// A [`Cell`] with an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CellKey {
    Variable(Variable),
    Area,
    Diam,
}

/// Variables at the node that the kernel does nothing with but add to them outside loops.
fn sums(function: &Function) -> BTreeSet<Variable> {
    let (mut added, mut others) = (BTreeSet::new(), BTreeSet::new());
    find_sums(&function.body, false, &mut added, &mut others);
    added.difference(&others).copied().collect()
}

fn find_sums(body: &[Statement], in_loop: bool, added: &mut BTreeSet<Variable>, others: &mut BTreeSet<Variable>) {
    for statement in body {
        for expression in statement.expressions() {
            expression.visit(&mut |part| {
                if let Expression::Ion(ion, field) = part {
                    others.insert(Variable::Ion(*ion, *field));
                }
            });
        }
        let target = match &statement.kind {
            StatementKind::AddIon(ion, field, _) => Some(Variable::Ion(*ion, *field)),
            StatementKind::AddRhs(_) => Some(Variable::Rhs),
            StatementKind::AddDiagonal(_) => Some(Variable::Diagonal),
            StatementKind::StoreIon(ion, field, _) => {
                others.insert(Variable::Ion(*ion, *field));
                None
            }
            StatementKind::Assign(..)
            | StatementKind::AssignElement(..)
            | StatementKind::Derivative(..)
            | StatementKind::Draw(_)
            | StatementKind::Solve { .. }
            | StatementKind::If { .. }
            | StatementKind::While { .. }
            | StatementKind::Iterate { .. }
            | StatementKind::StoreV(_)
            | StatementKind::NetSend { .. }
            | StatementKind::NetEvent(_)
            | StatementKind::NetMove(_)
            | StatementKind::ForNetcons { .. } => None,
        };
        if let Some(target) = target {
            if in_loop {
                others.insert(target)
            } else {
                added.insert(target)
            };
        }
        let in_loop = in_loop || !matches!(statement.kind, StatementKind::If { .. });
        for block in statement.blocks() {
            find_sums(block, in_loop, added, others);
        }
    }
}

impl Lower {
    /// Gives arrays neighbouring slots.
    fn reserve(&mut self) -> Result<(), String> {
        for array in self.variables.arrays.values().copied().collect::<Vec<_>>() {
            match array.first {
                Place::Column(_) | Place::NetArgument(_) => {
                    for element in array.elements() {
                        self.cell(CellKey::Variable(element.into()));
                    }
                }
                Place::Local(_) => {
                    for element in array.elements() {
                        let register = self.register();
                        if let Place::Local(id) = element {
                            self.locals.insert(id, register);
                        }
                        self.begin_with(register, 0.0);
                    }
                }
                Place::Global(_) => {
                    for element in array.elements() {
                        if let Place::Global(id) = element {
                            self.shared(Shared::Global(id.0));
                        }
                    }
                }
                Place::EachArgument(_) => return Err("an argument of FOR_NETCONS is an array".to_owned()),
            }
        }
        self.code.arrays = self.code.registers;
        // Uniform values are numbered from the shared ones on.
        for variable in self.variables.usage.keys().copied().collect::<Vec<_>>() {
            if let Variable::Global(id) = variable {
                self.shared(Shared::Global(id.0));
            }
        }
        for input in self.variables.inputs.clone() {
            match input {
                Input::T | Input::Dt | Input::Celsius | Input::Flag => {
                    self.shared(Shared::Input(input));
                }
                Input::V | Input::Area | Input::Diam => {}
            }
        }
        Ok(())
    }

    fn finish(self) -> Code {
        let Self { mut code, entry, .. } = self;
        let shift = entry.len();
        code.body.iter_mut().filter_map(Instruction::target_mut).for_each(|target| *target += shift);
        code.loops.iter_mut().for_each(|(first, last)| {
            *first += shift;
            *last += shift;
        });
        code.body.splice(0..0, entry);
        code
    }

    /// A new register.
    fn register(&mut self) -> Slot {
        self.code.registers += 1;
        Slot::Register(self.code.registers - 1)
    }

    /// A register that is written more than once.
    fn lasting(&mut self) -> Slot {
        let slot = self.register();
        if let Slot::Register(register) = slot {
            self.code.lasting.push(register);
        }
        slot
    }

    fn begin_with(&mut self, to: Slot, value: f64) {
        let from = vec![self.constant(value)];
        self.entry.push(Instruction::Compute { operation: Operation::Copy, to, from });
    }

    fn constant(&mut self, value: f64) -> Slot {
        let known = self.code.constants.iter().position(|known| known.to_bits() == value.to_bits());
        let at = known.unwrap_or_else(|| {
            self.code.constants.push(value);
            self.code.constants.len() - 1
        });
        Slot::Constant(at as u16)
    }

    /// A value that [`Lower::reserve`] has numbered, or numbers now.
    fn shared(&mut self, shared: Shared) -> Slot {
        let known = self.code.shared.iter().position(|known| *known == shared);
        let at = known.unwrap_or_else(|| {
            self.code.shared.push(shared);
            self.code.uniforms = self.code.shared.len();
            self.code.shared.len() - 1
        });
        Slot::Uniform(at as u16)
    }

    /// The slot of a value per instance.
    fn cell(&mut self, key: CellKey) -> Slot {
        let at = match self.memory.get(&key) {
            Some(at) => *at,
            None => {
                let what = match key {
                    CellKey::Variable(Variable::V) => Cell::V,
                    CellKey::Variable(variable) => Cell::Variable(variable),
                    CellKey::Area => Cell::Area,
                    CellKey::Diam => Cell::Diam,
                };
                let (load, store) = match key {
                    CellKey::Variable(Variable::V) => (true, self.stores_v()),
                    // A sum is made where its target lies.
                    CellKey::Variable(variable) if self.sums.contains(&variable) => (false, false),
                    CellKey::Variable(variable) => {
                        let written = self.variables.get(variable).written;
                        (self.variables.is_preset(variable) || self.variables.is_element(variable), written)
                    }
                    CellKey::Area | CellKey::Diam => (true, false),
                };
                let guard = self.guard(key);
                self.code.memory.push(Memory { what, load, store, guard });
                let at = (self.code.memory.len() - 1) as u16;
                self.memory.insert(key, at);
                at
            }
        };
        Slot::Memory(at)
    }

    /// What a value is kept for.
    fn guard(&self, key: CellKey) -> Option<Guard> {
        let CellKey::Variable(variable) = key else { return None };
        if !self.of_step || !self.variables.get(variable).written {
            return None;
        }
        match variable {
            Variable::Column(id) if !self.carried.contains(&Place::Column(id)) => Some(Guard::Observed),
            Variable::Ion(_, IonField::Current | IonField::Didv) => Some(Guard::Currents),
            _ => None,
        }
    }

    fn stores_v(&self) -> bool {
        self.variables.usage.contains_key(&Variable::V)
    }

    /// The slot of a variable that has one of its own.
    fn variable(&mut self, variable: Variable) -> Slot {
        match variable {
            Variable::Local(id) => match self.locals.get(&id) {
                Some(slot) => *slot,
                None => {
                    let slot = self.lasting();
                    if self.variables.is_preset(variable) {
                        self.begin_with(slot, 0.0);
                    }
                    self.locals.insert(id, slot);
                    slot
                }
            },
            Variable::Global(id) => self.shared(Shared::Global(id.0)),
            Variable::Column(_)
            | Variable::Net(_)
            | Variable::Each(_)
            | Variable::Ion(..)
            | Variable::V
            | Variable::Rhs
            | Variable::Diagonal => self.cell(CellKey::Variable(variable)),
        }
    }

    /// Whether the variable is an argument of a NetCon and has no copy.
    fn is_argument(&self, variable: Variable) -> bool {
        self.variables.visits_netcons && matches!(variable, Variable::Net(_) | Variable::Each(_))
    }

    /// The elements of an array of variables.
    fn elements(&mut self, array: Array) -> Result<Elements, String> {
        if self.is_argument(array.first.into()) {
            return Err("an argument of NET_RECEIVE with FOR_NETCONS is an array".to_owned());
        }
        Ok(Elements { first: self.variable(array.first.into()), length: array.length })
    }

    fn emit(&mut self, instruction: Instruction) {
        self.code.body.push(instruction);
    }

    /// Number of the next instruction.
    fn here(&self) -> usize {
        self.code.body.len()
    }

    /// Lets a jump that was emitted before go on here.
    fn land(&mut self, jump: usize) {
        let here = self.here();
        if let Some(target) = self.code.body[jump].target_mut() {
            *target = here;
        }
    }

    /// The result of an operation: in `to` if given, else anywhere.
    fn compute(&mut self, operation: Operation, from: Vec<Slot>, to: Option<Slot>) -> Slot {
        if from.iter().all(|slot| slot.is_uniform()) {
            let value = self.compute_uniform(operation, from);
            return match to {
                Some(to) => {
                    self.emit(Instruction::Compute { operation: Operation::Copy, to, from: vec![value] });
                    to
                }
                None => value,
            };
        }
        match to {
            // Loops keep results and operands apart.
            Some(to) if from.contains(&to) && !operation.updated(to, &from) => {
                let result = self.register();
                self.emit(Instruction::Compute { operation, to: result, from });
                self.emit(Instruction::Compute { operation: Operation::Copy, to, from: vec![result] });
                to
            }
            _ => {
                let to = to.unwrap_or_else(|| self.register());
                self.emit(Instruction::Compute { operation, to, from });
                to
            }
        }
    }

    fn compute_uniform(&mut self, operation: Operation, from: Vec<Slot>) -> Slot {
        if operation == Operation::Copy {
            return from[0];
        }
        let key = (operation, from);
        if let Some(known) = self.computed.get(&key) {
            return *known;
        }
        let to = Slot::Uniform(self.code.uniforms as u16);
        self.code.uniforms += 1;
        self.code.prologue.push(Instruction::Compute { operation, to, from: key.1.clone() });
        self.computed.insert(key, to);
        to
    }

    /// The value as a vector that no later statement changes.
    fn kept(&mut self, slot: Slot) -> Slot {
        let changes = match slot {
            Slot::Constant(_) | Slot::Uniform(_) => false,
            Slot::Register(register) => register < self.code.arrays || self.code.lasting.contains(&register),
            Slot::Memory(at) => self.code.memory[usize::from(at)].store,
        };
        if changes { self.copy(slot) } else { slot }
    }

    fn copy(&mut self, slot: Slot) -> Slot {
        let to = self.register();
        self.emit(Instruction::Compute { operation: Operation::Copy, to, from: vec![slot] });
        to
    }

    fn sum(&mut self, target: Variable, subtract: bool, value: Slot) {
        let Slot::Memory(target) = self.variable(target) else { return };
        self.code.sums.push(Sum { target, value, subtract });
    }
}
