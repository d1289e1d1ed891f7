//! The variables of a kernel as a back end sees them: which are loaded, stored, changed, and where each is declared.
//!
//! A kernel works on copies: what it uses of a column, of an ion or of the node is loaded before the first statement and,
//! if written, stored after the last. A variable whose first use is an assignment is declared by that assignment instead.
//!
//! An array with a run-time index is an array of the language in the kernel, loaded and stored element by element; its
//! elements are variables as all others, named `ca[2]`.
//!
//! In a kernel with FOR_NETCONS the arguments of NetCons have no copies, since the NetCon visited may be the one whose
//! event is handled: they are no variables in [`Variables::usage`].

use crate::ir::{
    Array, ColumnId, Expression, Function, GlobalId, Input, IonField, IonId, LocalId, Place, Statement, StatementKind,
};
use crate::passes::flow;
use std::collections::{BTreeMap, BTreeSet};

/// Something with a name in a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variable {
    /// A per-instance variable.
    Column(ColumnId),
    /// A shared value.
    Global(GlobalId),
    /// An argument of NET_RECEIVE.
    Net(u32),
    /// An argument of the NetCon that FOR_NETCONS visits.
    Each(u32),
    /// A value of an ion at the node.
    Ion(IonId, IonField),
    /// The membrane potential, where the kernel sets it.
    V,
    /// The right-hand side at the node.
    Rhs,
    /// The diagonal at the node.
    Diagonal,
    /// A local of the kernel.
    Local(LocalId),
}

impl From<Place> for Variable {
    fn from(place: Place) -> Self {
        match place {
            Place::Column(id) => Variable::Column(id),
            Place::Global(id) => Variable::Global(id),
            Place::Local(id) => Variable::Local(id),
            Place::NetArgument(at) => Variable::Net(at),
            Place::EachArgument(at) => Variable::Each(at),
        }
    }
}

/// How a kernel uses a variable.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// It is assigned at least once.
    pub written: bool,
    /// It changes after its declaration.
    pub changes: bool,
    /// Number of the statement that declares it; else it is declared before the first one.
    pub declared_by: Option<usize>,
}

/// The variables and inputs of a kernel.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// All variables used, columns first, locals last.
    pub usage: BTreeMap<Variable, Usage>,
    /// All inputs used.
    pub inputs: BTreeSet<Input>,
    /// The arrays with a run-time index, by their first element.
    pub arrays: BTreeMap<Variable, Array>,
    /// It sends events.
    pub posts: bool,
    /// It has a FOR_NETCONS.
    pub visits_netcons: bool,
}

/// One use of a variable: the blocks around it, outermost first, and the statement.
struct Mention {
    path: Vec<usize>,
    statement: usize,
    assigns: bool,
    /// It may declare the variable.
    declares: bool,
}

#[derive(Default)]
struct Walk {
    mentions: BTreeMap<Variable, Vec<Mention>>,
    inputs: BTreeSet<Input>,
    posts: bool,
    visits_netcons: bool,
    path: Vec<usize>,
    statements: usize,
    blocks: usize,
}

impl Variables {
    /// The variables of a kernel. Statements are numbered from 0 in textual order, outer before inner.
    pub fn of(function: &Function) -> Self {
        let mut walk = Walk::default();
        walk.block(&function.body);
        if walk.visits_netcons {
            walk.mentions.retain(|variable, _| !matches!(variable, Variable::Net(_) | Variable::Each(_)));
        }
        let usage = walk.mentions.iter().map(|(variable, mentions)| (*variable, usage(*variable, mentions))).collect();
        let arrays = flow::arrays(&function.body).into_iter().map(|array| (array.first.into(), array)).collect();
        let mut variables =
            Self { usage, inputs: walk.inputs, arrays, posts: walk.posts, visits_netcons: walk.visits_netcons };
        for element in variables.arrays.values().flat_map(|array| array.elements()) {
            let usage = variables.usage.entry(element.into()).or_default();
            usage.declared_by = None;
        }
        variables
    }

    /// Whether the variable is an element of an array with a run-time index.
    pub fn is_element(&self, variable: Variable) -> bool {
        self.arrays.values().any(|array| array.elements().any(|element| variable == element.into()))
    }

    /// Whether an element of the array is assigned.
    pub fn is_changed(&self, array: Array) -> bool {
        array.elements().any(|element| self.get(element.into()).written)
    }

    /// The usage of a variable that the kernel has.
    pub fn get(&self, variable: Variable) -> &Usage {
        static UNUSED: Usage = Usage { written: false, changes: false, declared_by: None };
        self.usage.get(&variable).unwrap_or(&UNUSED)
    }

    /// Whether statement `number` declares the variable that it assigns.
    pub fn declares(&self, number: usize, variable: Variable) -> bool {
        self.get(variable).declared_by == Some(number)
    }

    /// Whether the variable has to be set before the first statement.
    pub fn is_preset(&self, variable: Variable) -> bool {
        self.usage.get(&variable).is_some_and(|usage| usage.declared_by.is_none())
    }
}

fn usage(variable: Variable, mentions: &[Mention]) -> Usage {
    let writes = mentions.iter().filter(|mention| mention.assigns).count();
    // The innermost block with all mentions; what is stored at the end is mentioned outside all blocks.
    let mut common: &[usize] = &mentions[0].path;
    for mention in mentions {
        let same = common.iter().zip(&mention.path).take_while(|(a, b)| a == b).count();
        common = &common[..same];
    }
    let stored = writes > 0 && !matches!(variable, Variable::Local(_));
    let first = &mentions[0];
    let kept = !stored || common.is_empty();
    // The potential is declared as the input that it is.
    let declares = first.declares && first.path == common && kept && variable != Variable::V;
    Usage {
        written: writes > 0,
        changes: writes > usize::from(declares),
        declared_by: declares.then_some(first.statement),
    }
}

impl Walk {
    fn mention(&mut self, variable: Variable, statement: usize, assigns: bool) {
        let path = self.path.clone();
        self.mentions.entry(variable).or_default().push(Mention { path, statement, assigns, declares: assigns });
    }

    /// An assignment that needs the variable to be there.
    fn changed(&mut self, variable: Variable, statement: usize) {
        let path = self.path.clone();
        let mention = Mention { path, statement, assigns: true, declares: false };
        self.mentions.entry(variable).or_default().push(mention);
    }

    fn read(&mut self, expression: &Expression, statement: usize) {
        expression.visit(&mut |part| match part {
            Expression::Load(place) => self.mention((*place).into(), statement, false),
            Expression::Element(array, _) => {
                for element in array.elements() {
                    self.mention(element.into(), statement, false);
                }
            }
            Expression::Ion(ion, field) => self.mention(Variable::Ion(*ion, *field), statement, false),
            Expression::Input(input) => {
                self.inputs.insert(*input);
            }
            _ => {}
        });
    }

    fn inner(&mut self, body: &[Statement], until: Option<&Expression>) {
        self.blocks += 1;
        self.path.push(self.blocks);
        self.block(body);
        if let Some(until) = until {
            self.read(until, self.statements);
        }
        self.path.pop();
    }

    fn block(&mut self, body: &[Statement]) {
        for statement in body {
            let number = self.statements;
            self.statements += 1;
            match &statement.kind {
                StatementKind::Assign(place, value) | StatementKind::Derivative(place, value) => {
                    self.read(value, number);
                    self.mention((*place).into(), number, true);
                }
                StatementKind::AssignElement(array, index, value) => {
                    self.read(index, number);
                    self.read(value, number);
                    for element in array.elements() {
                        self.mention(element.into(), number, true);
                    }
                }
                StatementKind::Draw(draw) => {
                    draw.arguments.iter().for_each(|argument| self.read(argument, number));
                    draw.places().into_iter().for_each(|place| self.changed(place.into(), number));
                }
                StatementKind::StoreIon(ion, field, value) => {
                    self.read(value, number);
                    self.mention(Variable::Ion(*ion, *field), number, true);
                }
                StatementKind::AddIon(ion, field, value) => self.add(Variable::Ion(*ion, *field), value, number),
                StatementKind::StoreV(value) => {
                    self.read(value, number);
                    self.inputs.insert(Input::V);
                    self.mention(Variable::V, number, true);
                }
                StatementKind::AddRhs(value) => self.add(Variable::Rhs, value, number),
                StatementKind::AddDiagonal(value) => self.add(Variable::Diagonal, value, number),
                StatementKind::If { condition, then, otherwise } => {
                    self.read(condition, number);
                    self.inner(then, None);
                    self.inner(otherwise, None);
                }
                StatementKind::While { condition, body } => {
                    self.read(condition, number);
                    self.inner(body, None);
                }
                StatementKind::Iterate { body, until, .. } => self.inner(body, Some(until)),
                StatementKind::NetSend { delay, flag } => {
                    self.posts = true;
                    self.read(delay, number);
                    self.read(flag, number);
                }
                StatementKind::NetEvent(t) | StatementKind::NetMove(t) => {
                    self.posts = true;
                    self.read(t, number);
                }
                StatementKind::ForNetcons { body } => {
                    self.visits_netcons = true;
                    self.inner(body, None);
                }
                StatementKind::Solve { body, .. } => self.inner(body, None),
            }
        }
    }

    fn add(&mut self, variable: Variable, value: &Expression, statement: usize) {
        self.read(value, statement);
        self.mention(variable, statement, false);
        self.mention(variable, statement, true);
    }
}
