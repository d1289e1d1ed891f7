//! Readable text of the IR, for tests and `modgen --emit ir`.
//!
//! Expressions look as in NMODL. A store to a column is `:=`, to a local `=`; `rhs`, `d` and ion
//! variables (`ina`, `ina/dv`) are changed by `+=`.

use super::{
    Array, BinaryOperator, Column, ColumnId, Comparison, Diffusing, Expression, Function, Input, IonField, IonId, Kind,
    Mechanism, Place, Role, Statement, StatementKind, TableColumn,
};
use std::fmt::{self, Write};

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Density => "density mechanism",
            Kind::PointProcess => "point process",
            Kind::ArtificialCell => "artificial cell",
        };
        writeln!(f, "{kind} {}", self.name)?;
        for column in &self.columns {
            writeln!(f, "  {}", column_text(column))?;
        }
        for global in &self.globals {
            writeln!(f, "  global {} = {}", named(&global.name, &global.unit), global.default)?;
        }
        for ion in &self.ions {
            let names = |fields: &[IonField]| {
                fields.iter().map(|field| ion_variable(&ion.name, *field)).collect::<Vec<_>>().join(", ")
            };
            write!(f, "  ion {}", ion.name)?;
            for (word, fields) in [("read", &ion.read), ("write", &ion.write)] {
                if !fields.is_empty() {
                    write!(f, " {word} {}", names(fields))?;
                }
            }
            match ion.valence {
                Some(valence) => writeln!(f, " valence {valence}")?,
                None => writeln!(f)?,
            }
        }
        for diffusion in &self.diffusions {
            let column = |id: ColumnId| self.columns.get(id.0 as usize).map_or("?", |column| &column.name);
            let state = match diffusion.state {
                Diffusing::Column(id) => column(id).to_owned(),
                Diffusing::Ion(id, field) => {
                    ion_variable(self.ions.get(id.0 as usize).map_or("?", |ion| &ion.name), field)
                }
            };
            let (volume, coefficient) = (column(diffusion.volume), column(diffusion.coefficient));
            let fresh = if diffusion.fresh { ", fresh" } else { "" };
            writeln!(f, "  diffusion of {state}: volume {volume}, coefficient {coefficient}{fresh}")?;
        }
        for (name, function) in self.kernels.iter() {
            writeln!(f, "{name}")?;
            f.write_str(&self.function_text(function))?;
        }
        Ok(())
    }
}

fn named(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name} ({unit})") }
}

fn column_text(column: &Column) -> String {
    let role = match column.role {
        Role::Parameter => "parameter",
        Role::State => "state",
        Role::Assigned => "assigned",
    };
    let range = if column.range { "range " } else { "" };
    format!("{range}{role} {} = {}", named(&column.name, &column.unit), column.default)
}

fn ion_variable(ion: &str, field: IonField) -> String {
    match field {
        IonField::Erev => format!("e{ion}"),
        IonField::Conci => format!("{ion}i"),
        IonField::Conco => format!("{ion}o"),
        IonField::Current => format!("i{ion}"),
        IonField::Didv => format!("di{ion}/dv"),
    }
}

impl Mechanism {
    /// The statements of a kernel, one a line, indented.
    pub fn function_text(&self, function: &Function) -> String {
        let mut printer = Printer { mechanism: self, function, out: String::new() };
        printer.block(&function.body, 1);
        printer.out
    }

    /// An expression of a kernel.
    pub fn expression_text(&self, function: &Function, expression: &Expression) -> String {
        Printer { mechanism: self, function, out: String::new() }.expression(expression)
    }
}

struct Printer<'a> {
    mechanism: &'a Mechanism,
    function: &'a Function,
    out: String,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{}{text}", "  ".repeat(depth));
    }

    fn block(&mut self, body: &[Statement], depth: usize) {
        for statement in body {
            self.statement(statement, depth);
        }
    }

    fn statement(&mut self, statement: &Statement, depth: usize) {
        let text = match &statement.kind {
            StatementKind::Assign(place, value) => {
                let sign = if matches!(place, Place::Local(_)) { "=" } else { ":=" };
                format!("{} {sign} {}", self.place(*place), self.expression(value))
            }
            StatementKind::AssignElement(array, index, value) => {
                let sign = if matches!(array.first, Place::Local(_)) { "=" } else { ":=" };
                format!("{} {sign} {}", self.element(*array, index), self.expression(value))
            }
            StatementKind::Derivative(place, value) => {
                format!("{}' = {}", self.place(*place), self.expression(value))
            }
            StatementKind::Draw(draw) => {
                let [place, low, high] = draw.places().map(|place| self.place(place));
                let arguments: Vec<String> = draw.arguments.iter().map(|argument| self.expression(argument)).collect();
                format!("{place}, {low}, {high} = {}({})", draw.generator.name(), arguments.join(", "))
            }
            StatementKind::StoreIon(ion, field, value) => {
                format!("{} := {}", self.ion(*ion, *field), self.expression(value))
            }
            StatementKind::AddIon(ion, field, value) => {
                format!("{} += {}", self.ion(*ion, *field), self.expression(value))
            }
            StatementKind::StoreV(value) => format!("v := {}", self.expression(value)),
            StatementKind::AddRhs(value) => format!("rhs += {}", self.expression(value)),
            StatementKind::AddDiagonal(value) => format!("d += {}", self.expression(value)),
            StatementKind::If { condition, then, otherwise } => {
                let condition = self.expression(condition);
                self.line(depth, &format!("if {condition} {{"));
                self.block(then, depth + 1);
                if !otherwise.is_empty() {
                    self.line(depth, "} else {");
                    self.block(otherwise, depth + 1);
                }
                "}".to_owned()
            }
            StatementKind::While { condition, body } => {
                let condition = self.expression(condition);
                self.line(depth, &format!("while {condition} {{"));
                self.block(body, depth + 1);
                "}".to_owned()
            }
            StatementKind::Iterate { limit, body, until } => {
                self.line(depth, &format!("iterate at most {limit} {{"));
                self.block(body, depth + 1);
                format!("}} until {}", self.expression(until))
            }
            StatementKind::NetSend { delay, flag } => {
                format!("net_send({}, {})", self.expression(delay), self.expression(flag))
            }
            StatementKind::NetEvent(t) => format!("net_event({})", self.expression(t)),
            StatementKind::NetMove(t) => format!("net_move({})", self.expression(t)),
            StatementKind::ForNetcons { body } => {
                self.line(depth, "for each NetCon {");
                self.block(body, depth + 1);
                "}".to_owned()
            }
            StatementKind::Solve { number, body } => {
                self.line(depth, &format!("solve {number} {{"));
                self.block(body, depth + 1);
                "}".to_owned()
            }
        };
        self.line(depth, &text);
    }

    fn place(&self, place: Place) -> String {
        let name = self.mechanism.place_name(self.function, place);
        match place {
            // Names of locals may repeat.
            Place::Local(id)
                if self
                    .function
                    .locals
                    .iter()
                    .enumerate()
                    .any(|(at, local)| at < id.0 as usize && local.name == name) =>
            {
                format!("{name}.{}", id.0)
            }
            Place::EachArgument(_) => format!("each.{name}"),
            _ => name.to_owned(),
        }
    }

    fn element(&self, array: Array, index: &Expression) -> String {
        // `ca[0].3` of a repeated name is `ca.3`.
        let first = self.place(array.first).replace("[0]", "");
        format!("{first}[{}]", self.expression(index))
    }

    /// `table minf(v)`.
    fn lookup(&self, what: &str, column: TableColumn, x: &Expression) -> String {
        let mut start = self.mechanism.globals.len();
        let mut name = "?";
        for table in &self.mechanism.tables {
            if start == column.start as usize {
                name = table.outputs.get(column.output as usize).map_or("?", String::as_str);
            }
            start += table.size();
        }
        format!("{what} {name}({})", self.expression(x))
    }

    fn ion(&self, ion: IonId, field: IonField) -> String {
        let name = self.mechanism.ions.get(ion.0 as usize).map_or("?", |ion| ion.name.as_str());
        format!("ion.{}", ion_variable(name, field))
    }

    fn expression(&self, e: &Expression) -> String {
        match e {
            Expression::Number(x) => format!("{x}"),
            Expression::Load(place) => match place {
                Place::Column(_) => format!("self.{}", self.place(*place)),
                Place::Global(_) | Place::Local(_) | Place::NetArgument(_) | Place::EachArgument(_) => {
                    self.place(*place)
                }
            },
            Expression::Element(array, index) => match array.first {
                Place::Column(_) => format!("self.{}", self.element(*array, index)),
                Place::Global(_) | Place::Local(_) | Place::NetArgument(_) | Place::EachArgument(_) => {
                    self.element(*array, index)
                }
            },
            Expression::Lookup(table, x) => self.lookup("table", *table, x),
            Expression::LookupSlope(table, x) => self.lookup("slope", *table, x),
            Expression::Input(input) => match input {
                Input::V => "v",
                Input::T => "t",
                Input::Dt => "dt",
                Input::Celsius => "celsius",
                Input::Area => "area",
                Input::Diam => "diam",
                Input::Flag => "flag",
            }
            .to_owned(),
            Expression::Ion(ion, field) => self.ion(*ion, *field),
            Expression::Negate(a) => format!("-{}", self.operand(a, 3)),
            Expression::Binary(operator, a, b) => {
                let (sign, level) = match operator {
                    BinaryOperator::Add => (" + ", 1),
                    BinaryOperator::Subtract => (" - ", 1),
                    BinaryOperator::Multiply => ("*", 2),
                    BinaryOperator::Divide => ("/", 2),
                };
                format!("{}{sign}{}", self.operand(a, level), self.operand(b, level + 1))
            }
            Expression::MulAdd(a, b, c) => {
                format!("fma({}, {}, {})", self.expression(a), self.expression(b), self.expression(c))
            }
            Expression::Call(function, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(|argument| self.expression(argument)).collect();
                format!("{}({})", function.name(), arguments.join(", "))
            }
            Expression::Select(condition, a, b) => {
                format!("select({}, {}, {})", self.expression(condition), self.expression(a), self.expression(b))
            }
            Expression::Compare(comparison, a, b) => {
                let sign = match comparison {
                    Comparison::Less => "<",
                    Comparison::LessEqual => "<=",
                    Comparison::Greater => ">",
                    Comparison::GreaterEqual => ">=",
                    Comparison::Equal => "==",
                    Comparison::NotEqual => "!=",
                };
                format!("{} {sign} {}", self.expression(a), self.expression(b))
            }
            Expression::And(a, b) => format!("({} && {})", self.expression(a), self.expression(b)),
            Expression::Or(a, b) => format!("({} || {})", self.expression(a), self.expression(b)),
            Expression::Not(a) => format!("!({})", self.expression(a)),
        }
    }

    /// An operand, in parentheses if it binds less than `level`.
    fn operand(&self, e: &Expression, level: u8) -> String {
        let own = match e {
            Expression::Binary(BinaryOperator::Add | BinaryOperator::Subtract, ..) => 1,
            Expression::Binary(BinaryOperator::Multiply | BinaryOperator::Divide, ..) => 2,
            Expression::Negate(_) => 2,
            Expression::Compare(..) => 0,
            Expression::Number(x) if *x < 0.0 => 2,
            _ => 4,
        };
        let text = self.expression(e);
        if own < level { format!("({text})") } else { text }
    }
}
