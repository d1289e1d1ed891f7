//! Lowers the code of one kernel: names become places, routine calls are expanded in place.
//!
//! Calls in an expression are expanded into statements before the statement that holds the
//! expression, so IR expressions keep having no effect.

mod array;
mod call;
mod diffusion;
mod event;
mod expression;
mod kinetic;
mod library;
mod random;
mod simultaneous;
mod solve;
mod statement;

pub use diffusion::{Spread, statements as diffusion_statements};
pub use random::SCOP;

use super::collect::{Items, RoutineItem};
use super::draft::{Conductance, Equation, Equations, Solve};
use super::ions;
use super::lines::Lines;
use super::refuse::{self, Refusal};
use super::report::Report;
use super::suggest;
use super::symbols::{Symbol, Symbols};
use super::tables::Tables;
use crate::ir::{Array, Expression, Function, Input, LocalId, Place, Statement, StatementKind};
use crate::passes::flow;
use nmodl_parser::ast::{Argument, Block, Name};
use nmodl_parser::{Diagnostic, Span};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Which kernel the code belongs to; some statements make sense in one only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// INITIAL.
    Initial,
    /// BREAKPOINT.
    Breakpoint,
    /// A DERIVATIVE block.
    Derivative,
    /// A KINETIC block.
    Kinetic,
    /// A LINEAR or NONLINEAR block.
    Simultaneous,
    /// NET_RECEIVE.
    NetReceive,
    /// INITIAL inside NET_RECEIVE.
    NetInitial,
    /// The conditions of WATCH.
    Watch,
    /// The expressions of LONGITUDINAL_DIFFUSION.
    Diffusion,
    /// A BEFORE or AFTER block.
    Hook,
    /// A routine on its own, only to be checked.
    Routine,
}

/// What a name stands for inside a routine.
#[derive(Clone, Copy, Debug)]
enum Binding {
    Place(Place),
    Array(Array),
    Input(Input),
    /// The counter of a loop that is being written out.
    Constant(f64),
    /// The counter of a loop: a whole number.
    Counter(LocalId),
}

/// The names of one routine, innermost block last.
type Frame = Vec<HashMap<String, Binding>>;

/// What lowering needs to know of the file.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its items.
    pub items: &'a Items<'a>,
    /// Its names.
    pub symbols: &'a Symbols,
    /// Its lines.
    pub lines: &'a Lines<'a>,
    /// Where it names what first.
    pub first_words: &'a HashMap<&'a str, usize>,
    /// The code assigns `v`: kernels work on a copy.
    pub assigns_v: bool,
    /// The routines that are looked up instead of computed.
    pub tables: &'a Tables<'a>,
    /// Blocks solved where a SOLVE statement stands, by number.
    pub solves: &'a RefCell<Vec<Solve>>,
    /// Statements that the mechanism has come to.
    pub emitted: &'a Cell<usize>,
}

/// Most calls that one kernel may expand to.
const MOST_EXPANSIONS: usize = 10_000;
/// Most statements that a mechanism may come to by calls; some seconds of work.
const MOST_CALLED_STATEMENTS: usize = 40_000;
/// The same by loops around equations.
const MOST_STATEMENTS: usize = 120_000;
/// Most statement lists in one another.
const DEEPEST: usize = 100;

/// Lowers one kernel.
pub struct Lower<'a, 'r> {
    source: Source<'a>,
    report: &'r mut Report,
    context: Context,
    function: Function,
    /// Statement lists under construction, innermost last.
    blocks: Vec<Vec<Statement>>,
    frames: Vec<Frame>,
    /// Routines being expanded.
    calls: Vec<String>,
    /// Copies of ion variables, by index of the variable.
    ion_copies: HashMap<usize, LocalId>,
    v_copy: Option<LocalId>,
    line: u32,
    /// Statements that written-out loops have made.
    written_out: usize,
    /// The same with the statements of routines called there.
    written_out_expanded: usize,
    /// Calls expanded so far.
    expansions: usize,
    /// Whether that or the rest has become too much, and has been reported.
    too_large: bool,
    /// Statements of the file's routines with all that they call, as far as known.
    sizes: HashMap<String, usize>,
    /// The equations met.
    equations: Vec<Equation>,
    /// The CONDUCTANCE hints met.
    conductances: Vec<Conductance>,
    /// Whether this call of NET_RECEIVE has come to a WATCH.
    watching: Option<LocalId>,
    in_for_netcons: bool,
    /// The KINETIC block being lowered.
    kinetic: Option<kinetic::Building>,
    /// The LINEAR or NONLINEAR block being lowered, and its SOLVEFOR; empty for all states.
    simultaneous: Equations,
    solve_for: Vec<String>,
    /// The diffusing states met.
    spread: Spread,
}

/// The result of lowering.
#[derive(Debug)]
pub struct Lowered {
    /// Locals and statements.
    pub function: Function,
    /// Copies ion variables out.
    pub epilogue: Vec<Statement>,
    /// CONDUCTANCE hints met.
    pub conductances: Vec<Conductance>,
}

impl<'a, 'r> Lower<'a, 'r> {
    /// Starts a kernel: ion variables are copied in.
    pub fn new(source: Source<'a>, context: Context, report: &'r mut Report) -> Self {
        let mut lower = Self {
            source,
            report,
            context,
            function: Function::default(),
            blocks: vec![Vec::new()],
            frames: vec![vec![HashMap::new()]],
            calls: Vec::new(),
            ion_copies: HashMap::new(),
            v_copy: None,
            line: 0,
            written_out: 0,
            written_out_expanded: 0,
            expansions: 0,
            too_large: false,
            sizes: HashMap::new(),
            equations: Vec::new(),
            conductances: Vec::new(),
            watching: None,
            in_for_netcons: false,
            kinetic: None,
            simultaneous: Equations::default(),
            solve_for: Vec::new(),
            spread: Spread::default(),
        };
        lower.copy_in();
        lower
    }

    fn copy_in(&mut self) {
        let symbols = self.source.symbols;
        for (at, variable) in symbols.ion_variables.iter().enumerate() {
            if variable.copied {
                let id = self.function.add_local(&variable.name);
                self.ion_copies.insert(at, id);
                self.line = self.source.lines.of(variable.span);
                self.assign(Place::Local(id), Expression::Ion(variable.ion, variable.field));
            }
        }
        for current in &symbols.currents {
            // A current both READ and WRITTEN starts as the ion's total.
            let Some(ion) = current.ion else { continue };
            let field = crate::ir::IonField::Current;
            if symbols.ions[ion.0 as usize].read.contains(&field) {
                self.assign(current.place, Expression::Ion(ion, field));
            }
        }
        if self.source.assigns_v {
            let id = self.function.add_local("v");
            self.v_copy = Some(id);
            self.assign(Place::Local(id), Expression::Input(Input::V));
        }
        self.line = 0;
    }

    /// Puts a kernel before this one, whose statements must not have begun.
    pub fn go_on_from(&mut self, before: Function) {
        let mut own = std::mem::replace(&mut self.function, before);
        let shift = self.function.locals.len() as u32;
        self.function.locals.append(&mut own.locals);
        let mut begun = self.take_statements();
        flow::rename(&mut begun, &mut |place| match place {
            Place::Local(id) => Place::Local(LocalId(id.0 + shift)),
            other => other,
        });
        for id in self.ion_copies.values_mut().chain(&mut self.v_copy) {
            id.0 += shift;
        }
        if let Some(block) = self.blocks.last_mut() {
            block.extend(std::mem::take(&mut self.function.body));
            block.extend(begun);
        }
    }

    /// Binds the arguments of NET_RECEIVE.
    pub fn bind_net_arguments(&mut self, arguments: &[Argument]) {
        for (at, argument) in arguments.iter().enumerate() {
            self.bind(&argument.name.text, Binding::Place(Place::NetArgument(at as u32)));
        }
        self.bind("flag", Binding::Input(Input::Flag));
    }

    /// Lowers a block's statements into the kernel.
    pub fn block(&mut self, block: &Block) {
        self.frame().push(HashMap::new());
        for statement in &block.statements {
            self.statement(statement);
        }
        self.frame().pop();
    }

    /// Lowers a DERIVATIVE block apart: its statements and equations.
    pub fn derivative_block(&mut self, block: &Block) -> (Vec<Statement>, Vec<Equation>) {
        let context = std::mem::replace(&mut self.context, Context::Derivative);
        let body = self.nested(|lower| lower.block(block));
        self.context = context;
        (body, std::mem::take(&mut self.equations))
    }

    /// Expands a PROCEDURE apart, for `SOLVE procedure`.
    pub fn procedure(&mut self, name: &Name) -> Vec<Statement> {
        self.nested(|lower| {
            lower.user_call(name, &[]);
        })
    }

    /// Lowers a routine that nothing calls, to check it.
    pub fn routine_alone(&mut self, item: &RoutineItem) {
        let mut scope = HashMap::new();
        let arguments = item.routine.arguments.iter().map(|argument| argument.name.text.as_str());
        let result = item.is_function.then_some(item.routine.name.text.as_str());
        for name in arguments.chain(result) {
            let id = self.function.add_local(name);
            scope.insert(name.to_owned(), Binding::Place(Place::Local(id)));
        }
        self.calls.push(item.routine.name.text.clone());
        self.frames.push(vec![scope]);
        self.block(&item.routine.body);
    }

    /// Lowers a routine's body for itself: the locals of its argument and, of a FUNCTION, its result.
    pub fn routine_body(&mut self, item: &RoutineItem) -> (LocalId, Option<LocalId>) {
        let mut scope = HashMap::new();
        let mut local = |lower: &mut Self, name: &str| {
            let id = lower.function.add_local(name);
            scope.insert(name.to_owned(), Binding::Place(Place::Local(id)));
            id
        };
        let argument = item.routine.arguments.first().map_or("", |argument| argument.name.text.as_str());
        let argument = local(self, argument);
        let result = item.is_function.then(|| local(self, &item.routine.name.text));
        self.calls.push(item.routine.name.text.clone());
        self.frames.push(vec![scope]);
        self.block(&item.routine.body);
        (argument, result)
    }

    /// The value of an expression, kept in a local.
    pub fn value_as_local(&mut self, name: &str, e: &nmodl_parser::ast::Expression) -> LocalId {
        let value = self.value(e);
        let id = self.function.add_local(name);
        self.assign(Place::Local(id), value);
        id
    }

    /// Reports a refusal.
    pub fn refuse(&mut self, refusal: &Refusal, span: Span) {
        self.report.push(refusal.at(span));
    }

    /// Lowers with statements going to a list of their own.
    pub fn nested(&mut self, work: impl FnOnce(&mut Self)) -> Vec<Statement> {
        self.blocks.push(Vec::new());
        work(self);
        // The list pushed above is still there: pushes and pops are paired.
        self.blocks.pop().unwrap_or_default()
    }

    /// `place = value` from a source line.
    pub fn assign_at(&mut self, line: u32, place: Place, value: Expression) {
        self.line = line;
        self.assign(place, value);
    }

    /// Takes the statements written so far, keeping the locals.
    pub fn take_statements(&mut self) -> Vec<Statement> {
        self.blocks.last_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Ends the kernel.
    pub fn finish(mut self) -> Lowered {
        self.function.body = self.take_statements();
        let mut epilogue = Vec::new();
        for (at, variable) in self.source.symbols.ion_variables.iter().enumerate() {
            if let (true, Some(id)) = (variable.write, self.ion_copies.get(&at)) {
                let store = StatementKind::StoreIon(variable.ion, variable.field, Expression::local(*id));
                epilogue.push(Statement::new(store, self.source.lines.of(variable.span)));
            }
        }
        if let (Context::NetReceive, Some(copy)) = (self.context, self.v_copy)
            && crate::passes::flow::assignments(&self.function.body, Place::Local(copy)) > 1
        {
            // NEURON takes the copy back at the end of NET_RECEIVE, and of no other block.
            let line = self.function.body.last().map_or(0, |last| last.line);
            epilogue.push(Statement::new(StatementKind::StoreV(Expression::local(copy)), line));
        }
        Lowered { function: self.function, epilogue, conductances: self.conductances }
    }

    fn statement_here(&self, kind: StatementKind) -> Statement {
        Statement::new(kind, self.line)
    }

    /// A loop. One that does not end is stopped, and leaves NaN in what it assigns.
    fn emit_while(&mut self, condition: Expression, body: Vec<Statement>) {
        let written = flow::assigned(&body);
        self.emit(StatementKind::While { condition: condition.clone(), body });
        let undefined = |place: Place| StatementKind::Assign(place, Expression::Number(f64::NAN));
        let undefine =
            |places: Vec<Place>| places.into_iter().map(|place| Statement::new(undefined(place), self.line)).collect();
        // The arguments of all NetCons, if FOR_NETCONS stands in the loop and not around it.
        let visited = |place: &Place| matches!(place, Place::EachArgument(_)) && !self.in_for_netcons;
        let (visited, own): (Vec<_>, Vec<_>) = written.into_iter().partition(visited);
        let mut then: Vec<Statement> = undefine(own);
        if !visited.is_empty() {
            then.push(self.statement_here(StatementKind::ForNetcons { body: undefine(visited) }));
        }
        self.emit(StatementKind::If { condition, then, otherwise: vec![] });
    }

    /// Whether the mechanism has more than `most` statements already, or else is too large to be expanded further at
    /// `span`; if so, it is refused.
    fn is_too_large(&mut self, most: usize, span: Span) -> bool {
        let emitted = self.source.emitted.get();
        if self.expansions > MOST_EXPANSIONS || emitted > most || self.blocks.len() > DEEPEST {
            if !self.too_large {
                self.report.push(refuse::TOO_LARGE.at(span));
            }
            self.too_large = true;
        }
        self.too_large
    }

    /// A copy of statements, to stand a second time.
    fn again(&mut self, statements: &[Statement]) -> Vec<Statement> {
        let mut count = 0;
        flow::visit_statements(statements, &mut |_| count += 1);
        self.source.emitted.set(self.source.emitted.get() + count);
        statements.to_vec()
    }

    fn emit(&mut self, kind: StatementKind) {
        self.source.emitted.set(self.source.emitted.get() + 1);
        let statement = self.statement_here(kind);
        if let Some(block) = self.blocks.last_mut() {
            block.push(statement);
        }
    }

    fn assign(&mut self, place: Place, value: Expression) {
        self.emit(StatementKind::Assign(place, value));
    }

    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(vec![HashMap::new()]);
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn bind(&mut self, name: &str, binding: Binding) {
        let frame = self.frame();
        if frame.is_empty() {
            frame.push(HashMap::new());
        }
        if let Some(scope) = frame.last_mut() {
            scope.insert(name.to_owned(), binding);
        }
    }

    fn bound(&self, name: &str) -> Option<Binding> {
        self.frames.last()?.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    /// The value of a name.
    fn read(&mut self, name: &Name) -> Expression {
        match self.bound(&name.text) {
            Some(Binding::Place(place)) => return Expression::Load(place),
            Some(Binding::Input(input)) => return Expression::Input(input),
            Some(Binding::Constant(value)) => return Expression::Number(value),
            Some(Binding::Counter(id)) => return Expression::local(id),
            Some(Binding::Array(_)) => {
                self.bare_array(name);
                return Expression::Number(0.0);
            }
            None => {}
        }
        match self.source.symbols.get(&name.text) {
            Some(Symbol::Column(id)) => Expression::column(id),
            Some(Symbol::Global(id)) => Expression::Load(Place::Global(id)),
            Some(Symbol::Array(_)) => {
                self.bare_array(name);
                Expression::Number(0.0)
            }
            Some(Symbol::Constant(value)) => Expression::Number(value),
            Some(Symbol::Input(Input::V)) if self.v_copy.is_some() => {
                self.v_copy.map_or(Expression::Input(Input::V), Expression::local)
            }
            Some(Symbol::Input(input)) => Expression::Input(input),
            Some(Symbol::Ion(at)) => match self.ion_copies.get(&at) {
                Some(id) => Expression::local(*id),
                None => {
                    let variable = &self.source.symbols.ion_variables[at];
                    Expression::Ion(variable.ion, variable.field)
                }
            },
            Some(Symbol::Random(_)) => {
                self.stream_as_number(name);
                Expression::Number(0.0)
            }
            None => {
                // C's name of the ion's own value.
                let variable = name.text.strip_prefix("_ion_");
                let ions = &self.source.symbols.ion_variables;
                if let Some(variable) = variable.and_then(|name| ions.iter().find(|ion| ion.name == name)) {
                    return Expression::Ion(variable.ion, variable.field);
                }
                self.undeclared(name);
                Expression::Number(0.0)
            }
        }
    }

    /// Where to write a name; reports what may not be written.
    fn target(&mut self, name: &Name) -> Option<Place> {
        match self.bound(&name.text) {
            Some(Binding::Place(place)) => return Some(place),
            Some(Binding::Input(_)) => return self.constant_target(name, "a value of the event"),
            Some(Binding::Constant(_) | Binding::Counter(_)) => {
                return self.constant_target(name, "the counter of a loop");
            }
            Some(Binding::Array(_)) => {
                self.bare_array(name);
                return None;
            }
            None => {}
        }
        match self.source.symbols.get(&name.text) {
            Some(Symbol::Column(id)) => Some(Place::Column(id)),
            Some(Symbol::Ion(at)) => self.ion_copies.get(&at).map(|id| Place::Local(*id)),
            Some(Symbol::Input(Input::V)) if self.v_copy.is_some() => self.v_copy.map(Place::Local),
            Some(Symbol::Array(_)) => {
                self.bare_array(name);
                None
            }
            Some(Symbol::Constant(_)) => self.constant_target(name, "a constant"),
            Some(Symbol::Input(_)) => {
                let message = format!("`{}` belongs to the simulator and cannot be assigned", name.text);
                self.report.push(
                    Diagnostic::error("M0215", message, name.span, "assigned here")
                        .help("assign a LOCAL or ASSIGNED variable of another name"),
                );
                None
            }
            Some(Symbol::Random(_)) => {
                self.stream_as_number(name);
                None
            }
            // Names that reachable code writes are columns; this is a routine that nothing calls.
            Some(Symbol::Global(_)) => None,
            None => {
                self.undeclared(name);
                None
            }
        }
    }

    fn stream_as_number(&mut self, name: &Name) {
        let message = format!("`{}` is a RANDOM variable, not a number", name.text);
        self.report.push(
            Diagnostic::error("M0261", message, name.span, "used as a number")
                .help(format!("draw a number of it: `random_uniform({})`", name.text)),
        );
    }

    fn constant_target(&mut self, name: &Name, what: &str) -> Option<Place> {
        let message = format!("`{}` is {what} and cannot be assigned", name.text);
        self.report.push(
            Diagnostic::error("M0208", message, name.span, "assigned here")
                .help("declare it in PARAMETER or ASSIGNED to make it a variable"),
        );
        None
    }

    fn undeclared(&mut self, name: &Name) {
        let text = &name.text;
        let mut diagnostic = Diagnostic::error("M0201", format!("`{text}` is not declared"), name.span, "unknown name");
        let scopes = self.frames.last().into_iter().flatten().flat_map(|scope| scope.keys().map(String::as_str));
        let known = scopes.chain(self.source.symbols.names());
        let unlisted = self.source.symbols.ions.iter().find(|ion| {
            let ion = &ion.name;
            [format!("e{ion}"), format!("i{ion}"), format!("{ion}i"), format!("{ion}o")].contains(text)
        });
        diagnostic.help = Some(match (unlisted, suggest::nearest(text, known)) {
            (Some(ion), _) => format!("list it in `USEION {} READ {text}`", ion.name),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) if self.source.items.has_equation(text) => {
                "it has an equation: declare it in STATE".to_owned()
            }
            (None, None) => match ions::statement_for(text) {
                Some(statement) => format!("the NEURON block needs `{statement}`"),
                None => "declare it in PARAMETER, ASSIGNED or STATE, or as a LOCAL of the block".to_owned(),
            },
        });
        self.report.push_undeclared(text, diagnostic);
    }
}
