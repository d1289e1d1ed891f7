//! What was written: the syntax tree of HOC, with the place of every statement and expression.

use std::sync::Arc;

/// Bytes of the source text, `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

/// A name as written. Shared, since the interpreter hands names around.
pub(crate) type Name = Arc<str>;

#[derive(Debug)]
pub(crate) struct File {
    pub items: Vec<Item>,
}

#[derive(Debug)]
pub(crate) enum Item {
    Template(TemplateDef),
    Definition(Definition),
    /// `public` list; `external` outside a template means nothing.
    Public(Vec<Name>),
    External(Vec<Name>),
    Statement(Stmt),
}

#[derive(Debug)]
pub(crate) struct TemplateDef {
    pub name: Name,
    pub items: Vec<Item>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProcKind {
    Proc,
    Func,
    ObFunc,
    StrFunc,
    Iterator,
}

#[derive(Debug)]
pub(crate) struct Definition {
    pub kind: ProcKind,
    pub name: Name,
    pub locals: Vec<Name>,
    pub local_objects: Vec<Name>,
    pub body: Vec<Stmt>,
}

#[derive(Debug)]
pub(crate) struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum StmtKind {
    Block(Vec<Stmt>),
    Expr(Expr),
    /// Condition and body of `if` and each `else if`, then the `else`.
    If(Vec<(Expr, Stmt)>, Option<Box<Stmt>>),
    While(Expr, Box<Stmt>),
    /// `for (init; condition; step) body`
    For {
        init: Option<Box<Stmt>>,
        condition: Expr,
        step: Option<Box<Stmt>>,
        body: Box<Stmt>,
    },
    /// `for i = from, to body`
    ForRange {
        variable: Path,
        from: Expr,
        to: Expr,
        body: Box<Stmt>,
    },
    /// `for (x) body`, `for (x, 0) body`: positions of the segments, with or without the ends.
    ForSegments {
        variable: Path,
        ends: Option<Expr>,
        body: Box<Stmt>,
    },
    /// `for iterator(...) body`
    ForIterator {
        call: Path,
        body: Arc<Stmt>,
    },
    ForAll(Box<Stmt>),
    /// `forsec list body` or `forsec "regular expression" body`
    ForSec(Expr, Box<Stmt>),
    IfSec(Expr, Box<Stmt>),
    Print(Vec<Expr>),
    Return(Option<Expr>),
    Break,
    Continue,
    Stop,
    IteratorStatement,
    Create(Vec<Declarator>),
    Objref(Vec<Declarator>),
    Double(Vec<Declarator>),
    Strdef(Vec<Name>),
    /// `connect child(end), parent(x)`, or `connect child(end), x` to the section accessed.
    Connect(Path, Expr),
    Access(Path),
    Insert(Name),
    Uninsert(Name),
    /// `soma stmt`
    InSection(Path, Box<Stmt>),
    /// `diam(0:1) = 10:2`
    Ramp {
        target: Path,
        from: Expr,
        to: Expr,
        op: AssignOp,
        first: Expr,
        last: Expr,
    },
    SetPointer,
    Delete,
}

#[derive(Debug)]
pub(crate) struct Declarator {
    pub name: Name,
    pub dims: Vec<Expr>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    Number(f64),
    Text(Arc<str>),
    Path(Path),
    /// `&x`
    Pointer(Path),
    New(Name, Vec<Expr>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    Assign(Path, AssignOp, Box<Expr>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Minus,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

/// `=`, or the operation of `+=`, `-=`, `*=`, `/=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssignOp {
    Set,
    Add,
    Sub,
    Mul,
    Div,
}

/// Names with subscripts and calls, joined by dots.
#[derive(Debug)]
pub(crate) struct Path {
    pub parts: Vec<Part>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Part {
    pub root: Root,
    pub indices: Vec<Expr>,
    pub call: Option<Vec<Expr>>,
    pub span: Span,
}

/// A name, or an argument of the procedure (first part of a path only).
#[derive(Debug)]
pub(crate) enum Root {
    Name(Name),
    Argument(ArgumentKind, ArgumentIndex),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArgumentKind {
    /// `$1`
    Number,
    /// `$s1`
    Text,
    /// `$o1`
    Object,
    /// `$&1`
    Pointer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArgumentIndex {
    /// `$3`, counted from 1.
    Position(usize),
    /// `$i`, the value of the local variable `i`.
    VariableI,
}

impl Part {
    /// The name of this part, if it is one.
    pub fn name(&self) -> Option<&Name> {
        match &self.root {
            Root::Name(name) => Some(name),
            Root::Argument(..) => None,
        }
    }
}
