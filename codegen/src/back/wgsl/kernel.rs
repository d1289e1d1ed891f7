//! One kernel as a WGSL function.

use super::constants::replace_non_finite;
use super::storage::{ADDS_CURRENTS, column_function, keeps_column};
use crate::back::body::{Body, Names, Post, Statements, input_name};
use crate::back::expression::Dialect;
use crate::back::variables::{Variable, Variables};
use crate::back::{Real, Sources, kernel_title};
use crate::ir::{Array, Function, Generator, Input, IonField, Math, Mechanism, Place, TableColumn};
use crate::names::{Language, MATH, wgsl_function};
use crate::passes::flow;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A kernel about to be printed.
pub(super) struct Kernel<'a> {
    mechanism: &'a Mechanism,
    name: &'static str,
    function: Function,
    variables: Variables,
    /// Columns whose values kernels need.
    carried: BTreeSet<Place>,
    dialect: Wgsl,
}

impl<'a> Kernel<'a> {
    pub fn new(mechanism: &'a Mechanism, real: Real, name: &'static str, function: &Function) -> Self {
        let function = replace_non_finite(function, real);
        let variables = Variables::of(&function);
        let names = Names::new(Language::Wgsl, mechanism, &function, &variables);
        let visits_netcons = variables.visits_netcons;
        let dialect = Wgsl { real, names, visits_netcons, globals: mechanism.globals.len() };
        Self { mechanism, name, function, variables, carried: flow::carried(mechanism), dialect }
    }

    /// The function.
    pub fn emit(&self, sources: &Sources) -> String {
        let mut out = format!("// {}\n", kernel_title(self.name));
        let name = wgsl_function(&self.mechanism.name, self.name);
        let ions: String = self.mechanism.ions.iter().map(|ion| format!("ion_{}: IonAt, ", ion.name)).collect();
        let net = if self.name.starts_with("net_") { ", net: u32, flag: real" } else { "" };
        let _ = writeln!(out, "fn {name}(at: Instance, {ions}clock: Clock{net}) {{");
        self.loads(&mut out);
        self.arrays(&mut out);
        out.push_str(&Body::new(&self.dialect, &self.variables, self.mechanism, sources, 1).print(&self.function));
        self.stores(&mut out);
        out.push_str("}\n");
        out
    }

    fn loads(&self, out: &mut String) {
        for input in &self.variables.inputs {
            let name = input_name(*input);
            match input {
                Input::T | Input::Dt | Input::Celsius => {
                    let _ = writeln!(out, "    let {name} = clock.{name};");
                }
                Input::V | Input::Area | Input::Diam => {
                    let changes = *input == Input::V && self.variables.usage.contains_key(&Variable::V);
                    let keyword = if changes { "var" } else { "let" };
                    let _ = writeln!(out, "    {keyword} {name} = values[nodes.{name} + at.node];");
                }
                Input::Flag => {}
            }
        }
        for variable in self.variables.usage.keys() {
            if let Some(place) = self.place(*variable)
                && *variable != Variable::V
                && self.variables.is_preset(*variable)
                && !self.variables.is_element(*variable)
            {
                let changes = self.variables.get(*variable).changes;
                let line = self.dialect.declare(&self.dialect.variable(*variable), &place, changes, false);
                let _ = writeln!(out, "    {line}");
            }
        }
    }

    fn arrays(&self, out: &mut String) {
        for array in self.variables.arrays.values() {
            if matches!(array.first, Place::Local(_)) {
                continue;
            }
            let values: Vec<String> = array.elements().filter_map(|element| self.place(element.into())).collect();
            // WGSL indexes only a `var` at run time.
            let line = self.dialect.declare_array(self.dialect.names.of_array(*array), &values, true);
            let _ = writeln!(out, "    {line}");
        }
    }

    fn stores(&self, out: &mut String) {
        for (variable, usage) in &self.variables.usage {
            if let Some(place) = self.place(*variable)
                && usage.written
            {
                let store = format!("{place} = {};", self.dialect.variable(*variable));
                let _ = match self.guard(*variable) {
                    Some(guard) => writeln!(out, "    if {guard} {{ {store} }}"),
                    None => writeln!(out, "    {store}"),
                };
            }
        }
    }

    /// The constant that says whether a value is kept.
    fn guard(&self, variable: Variable) -> Option<String> {
        match variable {
            Variable::Column(id) if !self.carried.contains(&Place::Column(id)) => {
                Some(keeps_column(&self.mechanism.name, id.0 as usize))
            }
            Variable::Ion(_, IonField::Current | IonField::Didv) => {
                Some(wgsl_function(&self.mechanism.name, ADDS_CURRENTS))
            }
            _ => None,
        }
    }

    /// Where a variable lies in `values`, unless it is a local.
    fn place(&self, variable: Variable) -> Option<String> {
        let times = |position: u32, stride: &str| match position {
            0 => String::new(),
            1 => format!(" + {stride}"),
            _ => format!(" + {position}u * {stride}"),
        };
        let plus = |position: u32| if position == 0 { String::new() } else { format!(" + {position}u") };
        let index = match variable {
            Variable::Column(id) => format!("{}(at)", column_function(&self.mechanism.name, id.0 as usize)),
            Variable::Global(id) => format!("at.globals{}", plus(id.0)),
            Variable::Net(position) => format!("net{}", plus(position)),
            Variable::Ion(id, field) => {
                let ion = format!("ion_{}", self.mechanism.ions[id.0 as usize].name);
                format!("{ion}.at{}", times(field.index() as u32, &format!("{ion}.stride")))
            }
            Variable::V => "nodes.v + at.node".to_owned(),
            Variable::Rhs => "nodes.rhs + at.node".to_owned(),
            Variable::Diagonal => "nodes.d + at.node".to_owned(),
            Variable::Each(position) => format!("each{}", plus(position)),
            Variable::Local(_) => return None,
        };
        Some(format!("values[{index}]"))
    }
}

struct Wgsl {
    real: Real,
    names: Names,
    visits_netcons: bool,
    /// Count of the mechanism's globals, which stand before its tables in the IR.
    globals: usize,
}

impl Dialect for Wgsl {
    fn number(&self, value: f64) -> String {
        // What a decimal literal of the type becomes: the same as in Rust, where the same digits are parsed.
        let digits = format!("{:?}", value.abs());
        let sign = if value.is_sign_negative() { "-" } else { "" };
        let single = digits.parse::<f32>().unwrap_or(f32::NAN);
        match self.real {
            _ if value.is_nan() => "math_nan()".to_owned(),
            Real::F32 if single.is_infinite() => format!("{sign}math_inf()"),
            Real::F64 if value.is_infinite() => format!("{sign}math_inf()"),
            Real::F32 => format!("{sign}{single:?}f"),
            Real::F64 => format!("{sign}{digits}lf"),
        }
    }

    fn variable(&self, variable: Variable) -> String {
        match variable {
            Variable::Net(at) if self.visits_netcons => format!("values[net + {at}u]"),
            Variable::Each(at) => format!("values[each + {at}u]"),
            _ => self.names.of(variable).to_owned(),
        }
    }

    fn array(&self, array: Array) -> String {
        self.names.of_array(array).to_owned()
    }

    fn element(&self, array: Array, index: &str) -> String {
        format!("{}[array_element({index}, {}u)]", self.names.of_array(array), array.length)
    }

    fn lookup(&self, table: TableColumn, slope: bool, x: &str) -> String {
        let TableColumn { start, intervals, width, output } = table;
        let function = if slope { "table_slope" } else { "table_value" };
        let start = start as usize - self.globals;
        format!("{function}(at.tables + {start}u, {intervals}u, {width}u, {output}u, {x})")
    }

    fn input(&self, input: Input) -> String {
        input_name(input).to_owned()
    }

    fn function(&self, function: Math) -> String {
        format!("{MATH}{}", function.name())
    }

    fn generator(&self, generator: Generator) -> String {
        format!("{MATH}{}", generator.name())
    }

    fn select(&self, condition: &str, a: &str, b: &str) -> String {
        format!("select({b}, {a}, {condition})")
    }

    fn mul_add(&self) -> Option<&'static str> {
        None
    }
}

impl Statements for Wgsl {
    fn declare(&self, name: &str, value: &str, changes: bool, _constant: bool) -> String {
        let keyword = if changes { "var" } else { "let" };
        format!("{keyword} {name}: real = {value};")
    }

    fn declare_array(&self, name: &str, values: &[String], _changes: bool) -> String {
        let count = values.len();
        format!("var {name}: array<real, {count}u> = array<real, {count}u>({});", values.join(", "))
    }

    fn rounds(&self, limit: u32) -> String {
        format!("for (var iteration: u32 = 0u; iteration < {limit}u; iteration++) {{")
    }

    fn comment(&self, text: &str) -> String {
        format!("// {text}").trim_end().to_owned()
    }

    fn post(&self, post: Post, values: &[String]) -> String {
        format!("post_{}({});", post.name(), values.join(", "))
    }

    fn netcons(&self) -> Vec<&'static str> {
        vec![
            "for (var netcon: u32 = netcons.x; netcon < netcons.y; netcon++) {",
            "let each: u32 = netcon_arguments(netcon);",
        ]
    }
}
