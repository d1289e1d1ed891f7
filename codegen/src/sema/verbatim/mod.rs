//! VERBATIM: C code by its meaning.
//!
//! The C of a routine, with the NMODL between its pieces, becomes statements of NMODL: numbers, branches, loops and calls
//! of the same names. Idioms are known by the functions that they call: a POINTER that holds NEURON's generator of random
//! numbers becomes a RANDOM variable, and drawing from it a `random_` function; a Vector of HOC that nobody can set here is
//! a null pointer. What is not understood becomes a VERBATIM statement that says so: an error if the simulation reaches
//! it, of no interest in a routine that only HOC calls.

mod calls;
mod code;
mod functions;
mod jumps;
mod parse;
mod token;
mod value;

use super::report::Report;
use super::uses::Uses;
use crate::ir::Missing;
use code::{Code, resolve};
use nmodl_parser::ast::{
    Ast, Block, Declaration, Item, ItemKind, Name, NeuronStatement, NeuronStatementKind, Routine, Statement,
    StatementKind,
};
use nmodl_parser::{Diagnostic, Span};
use parse::{Parser, Surroundings};
use std::collections::{HashMap, HashSet};
use token::{Failure, Kind, Macros, Token};

/// The keyword before the text of a block.
const KEYWORD: usize = "VERBATIM".len();

/// What translating a file has found.
#[derive(Debug, Default)]
pub struct Notes {
    notes: Vec<Note>,
    /// Functions defined in C.
    functions: HashSet<String>,
}

/// What matters of the C of a file.
#[derive(Debug, Default)]
pub struct Found {
    /// Functions defined in C.
    pub functions: HashSet<String>,
    /// What instances cannot run without and nobody can give them here.
    pub missing: Vec<Missing>,
}

#[derive(Debug)]
struct Note {
    /// The routine that it is in; none for a kernel.
    routine: Option<String>,
    diagnostic: Diagnostic,
    /// What an instance cannot run without.
    missing: Option<Missing>,
}

impl Notes {
    /// Reports what matters to code that the simulation reaches.
    pub fn report(self, uses: &Uses, report: &mut Report) -> Found {
        let mut missing = Vec::new();
        for note in self.notes {
            if note.routine.is_none_or(|routine| uses.routines.contains(routine.as_str())) {
                report.push(note.diagnostic);
                missing.extend(note.missing);
            }
        }
        missing.dedup();
        Found { functions: self.functions, missing }
    }
}

/// The file with NMODL in place of C; nothing if it has no C.
pub fn translate(ast: &Ast) -> Option<(Ast, Notes)> {
    let texts = texts(ast);
    if texts.is_empty() {
        return None;
    }
    let mut translator = Translator::new(ast, &texts);
    let mut items = translator.functions.split_off(0);
    for item in &ast.items {
        items.extend(translator.item(item));
    }
    if translator.draws {
        let span = ast.items.first().map_or(Span::default(), |item| item.span);
        let stream = Name { text: calls::C_STREAM.to_owned(), span };
        let random = NeuronStatement { kind: NeuronStatementKind::Random(vec![stream]), span };
        items.push(Item { kind: ItemKind::Neuron(vec![random]), span });
    }
    Some((Ast { items }, translator.notes))
}

/// All C of a file.
fn texts(ast: &Ast) -> Vec<&str> {
    fn of_block<'a>(block: &'a Block, found: &mut Vec<&'a str>) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Verbatim(text) => found.push(text),
                StatementKind::If { then, otherwise, .. } => {
                    of_block(then, found);
                    otherwise.iter().for_each(|block| of_block(block, found));
                }
                StatementKind::While { body, .. }
                | StatementKind::From { body, .. }
                | StatementKind::ForNetcons { body, .. } => of_block(body, found),
                StatementKind::Initial(block) | StatementKind::Block(block) => of_block(block, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for item in &ast.items {
        match &item.kind {
            ItemKind::Verbatim(text) => found.push(text.as_str()),
            ItemKind::Initial(block)
            | ItemKind::Breakpoint(block)
            | ItemKind::Constructor(block)
            | ItemKind::Destructor(block)
            | ItemKind::Solvable { body: block, .. }
            | ItemKind::NetReceive { body: block, .. }
            | ItemKind::BeforeAfter { body: block, .. }
            | ItemKind::Function(Routine { body: block, .. })
            | ItemKind::Procedure(Routine { body: block, .. }) => of_block(block, &mut found),
            _ => {}
        }
    }
    found
}

/// Words of C that show a POINTER to hold a generator of random numbers.
const GENERATORS: [&str; 3] = ["nrn_random_arg", "nrn_random_pick", "nrnran123_"];

struct Translator {
    around: Surroundings,
    macros: Macros,
    notes: Notes,
    /// Functions defined in C.
    functions: Vec<Item>,
    /// The routine being translated.
    routine: Option<Name>,
    /// Numbers of C's generators are drawn.
    draws: bool,
}

impl Translator {
    fn new(ast: &Ast, texts: &[&str]) -> Self {
        let mut around = Surroundings::default();
        for item in &ast.items {
            match &item.kind {
                ItemKind::Neuron(statements) => {
                    for statement in statements {
                        match &statement.kind {
                            NeuronStatementKind::Suffix(name)
                            | NeuronStatementKind::PointProcess(name)
                            | NeuronStatementKind::ArtificialCell(name) => around.mechanism = name.text.clone(),
                            NeuronStatementKind::Pointer(names) | NeuronStatementKind::BbcorePointer(names) => {
                                around.pointers.extend(names.iter().map(|name| name.text.clone()));
                            }
                            _ => {}
                        }
                    }
                }
                ItemKind::Parameter(declarations)
                | ItemKind::Constant(declarations)
                | ItemKind::Assigned(declarations)
                | ItemKind::State(declarations) => {
                    around.variables.extend(declarations.iter().map(|declaration| declaration.name.text.clone()));
                }
                ItemKind::Function(routine) | ItemKind::Procedure(routine) => {
                    around.routines.insert(routine.name.text.clone());
                }
                _ => {}
            }
        }
        let holds_generator = |name: &String| {
            let pointer = format!("_p_{name}");
            texts.iter().any(|text| text.contains(&pointer) && GENERATORS.iter().any(|word| text.contains(word)))
        };
        around.streams = around.pointers.iter().filter(|name| holds_generator(name)).cloned().collect();
        let holds_vector = |name: &String| {
            let pointer = format!("_p_{name}");
            texts.iter().any(|text| text.contains(&pointer) && text.contains("vector_arg"))
        };
        around.vectors = around.pointers.iter().filter(|name| holds_vector(name)).cloned().collect();
        around.pointers.retain(|name| !around.streams.contains(name) && !around.vectors.contains(name));
        let mut translator = Self {
            around,
            macros: Macros::new(),
            notes: Notes::default(),
            functions: Vec::new(),
            routine: None,
            draws: false,
        };
        translator.top_level(ast);
        translator
    }

    /// Macros and functions of the C outside all blocks.
    fn top_level(&mut self, ast: &Ast) {
        let mut definitions = Vec::new();
        for item in &ast.items {
            if let ItemKind::Verbatim(text) = &item.kind
                && let Ok(tokens) = token::scan(text, item.span.start as usize + KEYWORD)
            {
                let tokens = token::preprocess(tokens, &mut self.macros);
                definitions.extend(functions::find(tokens));
            }
        }
        definitions.retain(|function| !self.around.routines.contains(&function.name.text));
        self.around.routines.extend(definitions.iter().map(|function| function.name.text.clone()));
        for function in definitions {
            self.routine = Some(function.name.clone());
            self.around.routine.clone_from(&function.name.text);
            let result = self.parse(&function.body, Vec::new(), function.scope()).and_then(|code| {
                let name = function.has_value.then_some(&function.name);
                resolve(code, name, &mut 0)
            });
            let statements = result.unwrap_or_else(|failure| vec![refused(failure)]);
            self.notes.functions.insert(function.name.text.clone());
            self.functions.push(function.item(statements));
        }
        self.routine = None;
    }

    fn item(&mut self, item: &Item) -> Option<Item> {
        let mut item = item.clone();
        match &mut item.kind {
            ItemKind::Verbatim(_) => return None,
            // What is done in C there manages memory.
            ItemKind::Constructor(block) | ItemKind::Destructor(block)
                if block.statements.iter().all(|statement| matches!(statement.kind, StatementKind::Verbatim(_))) =>
            {
                return None;
            }
            ItemKind::Neuron(statements) => {
                for statement in statements.iter_mut() {
                    if let NeuronStatementKind::Pointer(names) | NeuronStatementKind::BbcorePointer(names) =
                        &mut statement.kind
                    {
                        let (streams, mut others): (Vec<Name>, Vec<Name>) = std::mem::take(names)
                            .into_iter()
                            .partition(|name| self.around.streams.contains(&name.text));
                        others.retain(|name| !self.around.vectors.contains(&name.text));
                        *names = others;
                        if names.is_empty() && !streams.is_empty() {
                            statement.kind = NeuronStatementKind::Random(streams);
                        }
                    }
                }
            }
            ItemKind::Parameter(declarations) | ItemKind::Assigned(declarations) => {
                declarations.retain(|declaration: &Declaration| !self.around.streams.contains(&declaration.name.text));
            }
            ItemKind::Initial(block)
            | ItemKind::Breakpoint(block)
            | ItemKind::Solvable { body: block, .. }
            | ItemKind::BeforeAfter { body: block, .. } => self.root(block, None),
            ItemKind::NetReceive { arguments, body } => {
                self.around.net_arguments = arguments.iter().map(|argument| argument.name.text.clone()).collect();
                self.root(body, None);
                self.around.net_arguments.clear();
            }
            ItemKind::Function(routine) => {
                self.routine = Some(routine.name.clone());
                let name = routine.name.clone();
                self.root(&mut routine.body, Some(&name));
                self.routine = None;
            }
            ItemKind::Procedure(routine) => {
                self.routine = Some(routine.name.clone());
                self.root(&mut routine.body, None);
                self.routine = None;
            }
            _ => {}
        }
        Some(item)
    }

    /// Translates the body of a routine or kernel.
    fn root(&mut self, block: &mut Block, function: Option<&Name>) {
        self.around.routine = self.routine.as_ref().map_or(String::new(), |name| name.text.clone());
        let original = std::mem::take(&mut block.statements);
        let result = self.list(&original).and_then(|code| resolve(code, function, &mut 0));
        block.statements = match result {
            Ok(statements) => statements,
            Err(failure) => {
                let mut kept = without_c(original);
                kept.push(refused(failure));
                kept
            }
        };
    }

    /// A list of statements, C and NMODL.
    fn list(&mut self, statements: &[Statement]) -> Result<Vec<Code>, Failure> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut nmodl = Vec::new();
        let mut has_c = false;
        for statement in statements {
            if let StatementKind::Verbatim(text) = &statement.kind {
                has_c = true;
                tokens.extend(token::scan(text, statement.span.start as usize + KEYWORD)?);
            } else {
                tokens.push(Token { kind: Kind::Nmodl(nmodl.len()), span: statement.span });
                nmodl.push(Some(self.nmodl(statement)?));
            }
        }
        if !has_c {
            return Ok(nmodl.into_iter().flatten().collect());
        }
        let mut macros = self.macros.clone();
        let tokens = token::preprocess(tokens, &mut macros);
        self.parse(&tokens, nmodl, HashMap::new())
    }

    fn parse(
        &mut self,
        tokens: &[Token],
        nmodl: Vec<Option<Code>>,
        scope: HashMap<String, parse::Held>,
    ) -> Result<Vec<Code>, Failure> {
        let mut parser = Parser {
            tokens,
            at: 0,
            begin: 0,
            nmodl,
            around: &self.around,
            scopes: vec![scope],
            before: Vec::new(),
            temporaries: 0,
            skipped: Vec::new(),
            assumed: Vec::new(),
            vectors: Vec::new(),
            stores: Vec::new(),
            asked: Vec::new(),
            draws: Vec::new(),
        };
        let code = parser.statements()?;
        if parser.peek().is_some() {
            return Err(Failure::new(parser.span(), "C with a `}` too many"));
        }
        let Parser { skipped, assumed, vectors, stores, asked, draws, .. } = parser;
        self.draws |= !draws.is_empty();
        let routine = self.routine.as_ref().map(|name| name.text.clone());
        let mut note = |diagnostic| {
            self.notes.notes.push(Note { routine: routine.clone(), diagnostic, missing: None });
        };
        skipped.into_iter().for_each(|(name, span)| note(skipped_call(&name, span)));
        assumed.into_iter().for_each(|(distribution, span)| note(assumed_distribution(distribution, span)));
        vectors.into_iter().for_each(|span| note(unset_vector(span)));
        asked.into_iter().for_each(|span| note(no_function_of_hoc(span)));
        draws.into_iter().for_each(|(name, span)| note(own_stream(&name, span)));
        self.notes.notes.extend(stores.into_iter().map(|span| Note {
            routine: routine.clone(),
            diagnostic: needed_vector(span),
            missing: Some(Missing {
                what: "a Vector of HOC, into which it writes".to_owned(),
                help: "keep the values in an array of ASSIGNED, or in arguments of NET_RECEIVE".to_owned(),
            }),
        }));
        Ok(code)
    }

    /// A statement of NMODL that may hold C.
    fn nmodl(&mut self, statement: &Statement) -> Result<Code, Failure> {
        let span = statement.span;
        Ok(match &statement.kind {
            StatementKind::If { condition, then, otherwise } => Code::If {
                condition: condition.clone(),
                then: self.list(&then.statements)?,
                otherwise: otherwise.as_ref().map_or(Ok(Vec::new()), |block| self.list(&block.statements))?,
                span,
            },
            StatementKind::While { condition, body } => {
                Code::While { condition: condition.clone(), body: self.list(&body.statements)?, span }
            }
            StatementKind::From { body, .. } => {
                Code::From { head: statement.clone(), body: self.list(&body.statements)? }
            }
            StatementKind::Block(block) => Code::Block(self.list(&block.statements)?, span),
            StatementKind::Initial(block) | StatementKind::ForNetcons { body: block, .. } => {
                let statements = resolve(self.list(&block.statements)?, None, &mut 0)?;
                let mut statement = statement.clone();
                if let StatementKind::Initial(block) | StatementKind::ForNetcons { body: block, .. } =
                    &mut statement.kind
                {
                    block.statements = statements;
                }
                Code::Plain(statement)
            }
            _ => Code::Plain(statement.clone()),
        })
    }
}

/// The statements of NMODL.
fn without_c(statements: Vec<Statement>) -> Vec<Statement> {
    let clean = |block: &mut Block| block.statements = without_c(std::mem::take(&mut block.statements));
    let mut kept = Vec::new();
    for mut statement in statements {
        match &mut statement.kind {
            StatementKind::Verbatim(_) => continue,
            StatementKind::If { then, otherwise, .. } => {
                clean(then);
                otherwise.iter_mut().for_each(clean);
            }
            StatementKind::While { body, .. }
            | StatementKind::From { body, .. }
            | StatementKind::ForNetcons { body, .. }
            | StatementKind::Initial(body)
            | StatementKind::Block(body) => clean(body),
            _ => {}
        }
        kept.push(statement);
    }
    kept
}

/// What stands for C that is not understood: lowering refuses it.
fn refused(failure: Failure) -> Statement {
    Statement { kind: StatementKind::Verbatim(failure.what), span: failure.span }
}

fn skipped_call(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` is skipped");
    if !calls::STOPS.contains(&name) {
        return Diagnostic::warning("M0308", message, span, "prints nothing")
            .help("mechanisms do not print; record the variable in a report instead");
    }
    Diagnostic::warning("M0349", message, span, "does not stop the simulation")
        .help("mechanisms cannot stop the simulation; check the parameters where they are set")
}

fn assumed_distribution(distribution: &str, span: Span) -> Diagnostic {
    let message = format!("numbers of `nrn_random_pick` are taken to be {distribution}");
    Diagnostic::warning("M0350", message, span, "HOC says what they are in NEURON").help(
        "a routine called erand draws negexp(1), one with norm or gauss in its name normal(0, 1), all others \
         uniform(0, 1); declare the POINTER as RANDOM to say it in NMODL",
    )
}

fn own_stream(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` is that of a stream of random numbers that each instance has for itself");
    Diagnostic::warning("M0357", message, span, "C's one sequence serves the whole program in NEURON").help(
        "the numbers are as random but not NEURON's; use a RANDOM variable for streams that do not depend on the rest \
         of the model",
    )
}

fn needed_vector(span: Span) -> Diagnostic {
    Diagnostic::warning("M0354", "a Vector of HOC must be set before the mechanism can run", span, "written into it")
        .help(
            "nothing sets Vectors here: the simulator refuses models that hold an instance; keep the values in an \
             array of ASSIGNED, or in arguments of NET_RECEIVE",
        )
}

fn no_function_of_hoc(span: Span) -> Diagnostic {
    Diagnostic::warning("M0344", "there is no function of HOC to be found", span, "finds nothing")
        .help("report the variable, or the spikes, instead of calling HOC from the mechanism")
}

fn unset_vector(span: Span) -> Diagnostic {
    Diagnostic::warning("M0351", "no Vector of HOC is ever set", span, "taken to be empty")
        .help("give the times of events as a SONATA spike input")
}
