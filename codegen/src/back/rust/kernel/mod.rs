//! One kernel: a function over the rows of a block, and one over the lanes of a row, or several.

mod block;
mod parts;
mod steps;

use super::{Positions, ident};
use crate::back::body::{Body, Names, Post, Statements, input_name};
use crate::back::expression::Dialect;
use crate::back::variables::{Usage, Variable, Variables};
use crate::back::{Sources, kernel_title};
use crate::ir::{
    Array, Expression, Function, Generator, Input, IonField, Math, Mechanism, Place, Statement, StatementKind,
    TableColumn,
};
use crate::names::Language;
use crate::passes::{flow, uniform};
use parts::Parts;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// A kernel about to be printed.
pub(super) struct Kernel<'a> {
    mechanism: &'a Mechanism,
    positions: &'a Positions,
    name: &'static str,
    function: &'a Function,
    variables: Variables,
    names: Names,
    slices: Vec<Slice>,
    long_arrays: Vec<LongArray>,
    /// Statements at the beginning that give all instances the same, and the name of their values.
    uniform: usize,
    uniform_values: Ident,
    /// The column of the first row between parts, if it is a part.
    first_row: usize,
    /// The kernel in parts, if it pays.
    parts: Option<Parts>,
}

/// What decides whether a kernel of a step keeps a value; a constant of the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guard {
    /// Users look at it.
    Observed,
    /// Currents of ions are added up.
    Currents,
}

impl Guard {
    /// The question whether it is kept.
    fn method(self) -> Ident {
        ident(match self {
            Guard::Observed => "observed",
            Guard::Currents => "currents",
        })
    }

    fn name(self) -> Ident {
        ident(match self {
            Guard::Observed => "OBSERVED",
            Guard::Currents => "CURRENTS",
        })
    }
}

/// An array of which the kernel takes a row.
struct Slice {
    /// Whose values, unless they are an input's.
    variable: Option<Variable>,
    /// Name of the parameter.
    parameter: Ident,
    /// Name of the value of one lane, or the element of an array.
    value: TokenStream,
    /// The call that lends the row.
    lend: TokenStream,
    /// Loaded before the statements.
    loaded: bool,
    /// The value changes after loading.
    changes: bool,
    /// Stored after the statements.
    stored: bool,
    /// Loaded and stored under this condition only.
    guard: Option<Guard>,
}

/// Arrays of more elements are passed, loaded and stored by loops: rustc takes minutes for what hundreds of parameters do.
const LONG: u32 = 32;

/// The columns of a long array.
struct LongArray {
    array: Array,
    /// Name of the parameter: the rows of the elements.
    parameter: Ident,
    /// Loaded and stored under this condition only.
    guard: Option<Guard>,
    /// Stored after the statements.
    stored: bool,
}

impl<'a> Kernel<'a> {
    pub fn new(mechanism: &'a Mechanism, positions: &'a Positions, name: &'static str, function: &'a Function) -> Self {
        let mut kernel = Self::whole(mechanism, positions, name, function);
        if kernel.is_of_step() {
            kernel.set_uniform(uniform::prefix(function));
        }
        if name == "state" {
            kernel.parts = Parts::of(mechanism, function, kernel.uniform);
        }
        kernel.with_slices()
    }

    /// A part of a kernel.
    fn part<'b>(&'b self, parts: &'b Parts, function: &'b Function) -> Kernel<'b> {
        let mut kernel = Kernel::whole(&parts.mechanism, self.positions, self.name, function);
        kernel.set_uniform(self.uniform);
        kernel.first_row = parts.first_row;
        kernel.with_slices()
    }

    fn whole(mechanism: &'a Mechanism, positions: &'a Positions, name: &'static str, function: &'a Function) -> Self {
        let variables = Variables::of(function);
        let names = Names::new(Language::Rust, mechanism, function, &variables);
        Self {
            mechanism,
            positions,
            name,
            function,
            variables,
            names,
            slices: vec![],
            long_arrays: vec![],
            uniform: 0,
            uniform_values: ident("uniform"),
            first_row: mechanism.columns.len(),
            parts: None,
        }
    }

    fn set_uniform(&mut self, count: usize) {
        self.uniform = count;
        self.uniform_values = ident(&self.names.fresh("uniform"));
    }

    fn with_slices(mut self) -> Self {
        self.long_arrays = self.long_arrays();
        self.slices = self.slices();
        self
    }

    /// Whether it runs for one instance.
    fn is_net(&self) -> bool {
        self.name.starts_with("net_")
    }

    /// Whether it runs in every step for all instances.
    fn is_of_step(&self) -> bool {
        matches!(self.name, "current" | "current_difference" | "state")
    }

    /// What a value is kept for.
    fn guard(&self, variable: Variable, carried: &BTreeSet<Place>) -> Option<Guard> {
        match variable {
            _ if !self.is_of_step() => None,
            Variable::Column(id) if id.0 as usize >= self.first_row => None,
            Variable::Column(id) if self.variables.get(variable).written && !carried.contains(&Place::Column(id)) => {
                Some(Guard::Observed)
            }
            Variable::Ion(_, IonField::Current | IonField::Didv) if self.variables.get(variable).written => {
                Some(Guard::Currents)
            }
            _ => None,
        }
    }

    /// The guards of its values, each once.
    fn guards(&self) -> Vec<Guard> {
        let of_slices = self.slices.iter().map(|slice| slice.guard);
        let all: Vec<Option<Guard>> = of_slices.chain(self.long_arrays.iter().map(|long| long.guard)).collect();
        let used = |guard: &Guard| all.contains(&Some(*guard));
        [Guard::Observed, Guard::Currents].into_iter().filter(used).collect()
    }

    /// Whether it uses a value of an ion.
    pub fn has_ions(&self) -> bool {
        self.variables.usage.keys().any(|variable| matches!(variable, Variable::Ion(..)))
    }

    /// Whether it visits NetCons.
    pub fn visits_netcons(&self) -> bool {
        self.variables.visits_netcons
    }

    /// Whether it sends events.
    pub fn posts(&self) -> bool {
        self.variables.posts
    }

    /// Whether it uses `element`, `lookup`, `lookup_slope`, `madd`, `math`, `select` or `wide`.
    pub fn mentions(&self, name: &str) -> bool {
        let mut found = self.parts.is_some() && name == "wide";
        let mut look = |expression: &Expression| {
            expression.visit(&mut |part| {
                found |= match part {
                    Expression::Element(..) => name == "element",
                    Expression::Lookup(..) => name == "lookup",
                    Expression::LookupSlope(..) => name == "lookup_slope",
                    Expression::MulAdd(..) => name == "madd",
                    Expression::Call(..) => name == "math",
                    Expression::Select(..) => name == "select",
                    _ => false,
                };
            });
        };
        let mut draws = false;
        let mut blocks = match &self.parts {
            Some(parts) => parts.parts.iter().map(|part| &part.function.body).collect(),
            None => vec![&self.function.body],
        };
        while let Some(block) = blocks.pop() {
            for statement in block {
                statement.expressions().into_iter().for_each(&mut look);
                draws |= matches!(statement.kind, StatementKind::Draw(_));
                blocks.extend(statement.blocks());
            }
        }
        found || (name == "element" && !self.variables.arrays.is_empty()) || (draws && name == "random")
    }

    /// Ending of the names of parameters.
    fn suffix(&self) -> &'static str {
        if self.is_net() { "at" } else { "row" }
    }

    fn long_arrays(&mut self) -> Vec<LongArray> {
        let carried = flow::carried(self.mechanism);
        let arrays: Vec<Array> = self.variables.arrays.values().copied().collect();
        let mut long = Vec::new();
        for array in arrays.into_iter().filter(|array| array.length > LONG && matches!(array.first, Place::Column(_))) {
            let guards: Vec<Option<Guard>> =
                array.elements().map(|element| self.guard(element.into(), &carried)).collect();
            let guard = guards.first().copied().flatten();
            if guards.iter().all(|other| *other == guard) {
                let wanted = format!("{}_{}", self.names.of_array(array), self.suffix());
                let parameter = ident(&self.names.fresh(&wanted));
                long.push(LongArray { array, parameter, guard, stored: self.variables.is_changed(array) });
            }
        }
        long
    }

    fn slices(&mut self) -> Vec<Slice> {
        let suffix = self.suffix();
        let row = quote!(row);
        let mut slices = vec![];
        for input in [Input::V, Input::Area, Input::Diam] {
            if self.variables.inputs.contains(&input) {
                let value = ident(input_name(input));
                let parameter = ident(&self.names.fresh(&format!("{value}_{suffix}")));
                let stored = input == Input::V && self.variables.usage.contains_key(&Variable::V);
                let method = if stored { ident("v_mut") } else { value.clone() };
                let (lend, value) = (quote!(rows.#method(#row)), quote!(#value));
                let (variable, loaded) = (None, true);
                slices.push(Slice { variable, parameter, value, lend, loaded, changes: stored, stored, guard: None });
            }
        }
        let variables: Vec<Variable> = self.variables.usage.keys().copied().collect();
        let carried = flow::carried(self.mechanism);
        let in_loops: BTreeSet<Variable> =
            self.long_arrays.iter().flat_map(|long| long.array.elements()).map(Variable::from).collect();
        for variable in variables.into_iter().filter(|variable| !in_loops.contains(variable)) {
            let usage = self.variables.get(variable);
            let (stored, changes) = (usage.written, usage.changes);
            let lend = match variable {
                Variable::Column(id) if id.0 as usize >= self.first_row => {
                    let (row, mutable) = (block::row(id.0 as usize - self.first_row), stored.then(|| quote!(mut)));
                    quote!(&#mutable #row[..])
                }
                Variable::Column(id) => {
                    let column = &self.positions.columns[id.0 as usize];
                    let method = ident(if stored { "column_mut" } else { "column" });
                    quote!(rows.#method(column::#column, #row))
                }
                Variable::Ion(id, field) => {
                    let ion = &self.positions.ions[id.0 as usize];
                    let method = ident(if stored { "ion_mut" } else { "ion" });
                    let field = ident(&format!("{field:?}").to_ascii_uppercase());
                    quote!(rows.#method(ion::#ion, field::#field, #row))
                }
                Variable::Rhs => quote!(rows.rhs(#row)),
                Variable::Diagonal => quote!(rows.d(#row)),
                // V is lent as the input that it is.
                Variable::V | Variable::Global(_) | Variable::Net(_) | Variable::Each(_) | Variable::Local(_) => {
                    continue;
                }
            };
            let name = self.names.of(variable).to_owned();
            let parameter = ident(&self.names.fresh(&format!("{name}_{suffix}")));
            let value = tokens(&name);
            let loaded = self.variables.is_preset(variable) && !self.variables.is_element(variable);
            let guard = self.guard(variable, &carried);
            slices.push(Slice { variable: Some(variable), parameter, value, lend, loaded, changes, stored, guard });
        }
        slices
    }

    /// The functions.
    pub fn emit(&self, sources: &Sources) -> TokenStream {
        let function = if self.is_net() { self.emit_net(sources) } else { self.emit_block(sources) };
        let uniform = self.emit_uniform(sources);
        quote!(#function #uniform)
    }

    /// What is done for one instance.
    fn work(&self, sources: &Sources) -> TokenStream {
        let (loads, statements, stores) = (self.loads(), self.statements(sources), self.stores());
        quote!(#loads #statements #stores)
    }

    fn emit_net(&self, sources: &Sources) -> TokenStream {
        let (shared, work) = (self.shared(), self.work(sources));
        let (name, inner) = (ident(self.name), format_ident!("{}_instance", self.name));
        let doc = format!(" {}", kernel_title(self.name));
        let count = Literal::usize_unsuffixed(self.mechanism.net_arguments.len());
        let (parameters, arguments) = self.parameters();
        // With FOR_NETCONS the same memory is reached by two ways.
        let (net_type, net) = match self.visits_netcons() {
            true => (quote!(&[Cell<Real>]), quote!(std::slice::from_raw_parts(net.cast::<Cell<Real>>(), #count))),
            false => (quote!(&mut [Real]), quote!(std::slice::from_raw_parts_mut(net, #count))),
        };
        quote! {
            #[doc = #doc]
            #[doc = ""]
            #[doc = " # Safety"]
            #[doc = " The block and the clock are valid, see [`crate::rows`]; `net` holds the NetCon's arguments."]
            pub unsafe extern "C" fn #name(
                block: *const Block<Real>,
                clock: *const Clock<Real>,
                row: usize,
                lane: usize,
                net: *mut Real,
                flag: Real,
            ) {
                comment!("SAFETY: promised by the caller; each array is borrowed once.");
                unsafe {
                    let (rows, clock) = (Rows::one(block, lane), &*clock);
                    let net = #net;
                    #inner(net, flag, #arguments);
                }
            }
            #[doc = " The same for the instance's values."]
            fn #inner(net: #net_type, flag: Real, #parameters) { #shared #work }
        }
    }

    /// Parameters of the inner function, and what the outer one passes.
    fn parameters(&self) -> (TokenStream, TokenStream) {
        let (mut parameters, mut arguments) = self.shared_parameters();
        if self.posts() {
            parameters.extend(quote!(post: Post<'_>,));
            arguments.extend(quote!(rows.post(row),));
        }
        if self.visits_netcons() {
            let count = Literal::usize_unsuffixed(self.mechanism.net_arguments.len());
            parameters.extend(quote!(netcons: Netcons<'_>,));
            arguments.extend(quote!(rows.netcons(row, #count),));
        }
        for Slice { parameter, lend, stored, .. } in &self.slices {
            let mutable = stored.then(|| quote!(mut));
            parameters.extend(quote!(#parameter: &#mutable [Real],));
            arguments.extend(quote!(#lend,));
        }
        for LongArray { array, parameter, stored, .. } in &self.long_arrays {
            let (mutable, count) = (stored.then(|| quote!(mut)), Literal::u32_unsuffixed(array.length));
            let method = ident(if *stored { "column_mut" } else { "column" });
            if let Place::Column(id) = array.first {
                let first = &self.positions.columns[id.0 as usize];
                parameters.extend(quote!(#mutable #parameter: [&#mutable [Real]; #count],));
                arguments.extend(quote!(std::array::from_fn(|at| rows.#method(column::#first + at, row)),));
            }
        }
        (parameters, arguments)
    }

    /// The same for what all rows share.
    fn shared_parameters(&self) -> (TokenStream, TokenStream) {
        let (mut parameters, mut arguments) = (quote!(clock: &Clock<Real>,), quote!(clock,));
        let has_tables = self.mentions("lookup") || self.mentions("lookup_slope");
        if has_tables || self.variables.usage.keys().any(|variable| matches!(variable, Variable::Global(_))) {
            let count = Literal::usize_unsuffixed(self.mechanism.globals_size());
            parameters.extend(quote!(globals: &[Real],));
            arguments.extend(quote!(rows.globals(#count),));
        }
        (parameters, arguments)
    }

    /// Values that all lanes share.
    fn shared(&self) -> TokenStream {
        let mut out = TokenStream::new();
        for input in [Input::T, Input::Dt, Input::Celsius] {
            if self.variables.inputs.contains(&input) {
                let name = ident(input_name(input));
                out.extend(quote!(let #name = clock.#name;));
            }
        }
        for variable in self.variables.usage.keys() {
            if let Variable::Global(id) = variable
                && !self.variables.is_element(*variable)
            {
                let (name, global) = (ident(self.names.of(*variable)), &self.positions.globals[id.0 as usize]);
                out.extend(quote!(let #name = globals[global::#global];));
            }
        }
        out
    }

    fn at(&self) -> TokenStream {
        if self.is_net() { quote!(0) } else { quote!(lane) }
    }

    fn loads(&self) -> TokenStream {
        let mut out = TokenStream::new();
        let at = self.at();
        for Slice { parameter, value, changes, guard, .. } in self.slices.iter().filter(|slice| slice.loaded) {
            let mutable = changes.then(|| quote!(mut));
            let load = match guard.map(Guard::name) {
                Some(guard) => quote!(if #guard { #parameter[#at] } else { 0.0 }),
                None => quote!(#parameter[#at]),
            };
            out.extend(quote!(let #mutable #value = #load;));
        }
        for LongArray { array, parameter, guard, stored } in &self.long_arrays {
            let (name, mutable) = (ident(self.names.of_array(*array)), stored.then(|| quote!(mut)));
            let count = Literal::u32_unsuffixed(array.length);
            let load = quote!(std::array::from_fn(|element| #parameter[element][#at]));
            let load = match guard.map(Guard::name) {
                Some(guard) => quote!(if #guard { #load } else { [0.0; #count] }),
                None => load,
            };
            out.extend(quote!(let #mutable #name: [Real; #count] = #load;));
        }
        let in_loops = |array: &&Array| self.long_arrays.iter().any(|long| long.array == **array);
        for array in self.variables.arrays.values().filter(|array| !in_loops(array)) {
            let values = array.elements().filter_map(|element| match element {
                Place::Column(_) => {
                    let slice = self.slices.iter().find(|slice| slice.variable == Some(element.into()))?;
                    let parameter = &slice.parameter;
                    Some(quote!(#parameter[#at]))
                }
                Place::Global(id) => {
                    let global = &self.positions.globals[id.0 as usize];
                    Some(quote!(globals[global::#global]))
                }
                Place::NetArgument(position) => {
                    let position = Literal::u32_unsuffixed(position);
                    Some(quote!(net[#position]))
                }
                // NET_RECEIVE has no arrays as arguments.
                Place::EachArgument(_) => None,
                Place::Local(_) => None,
            });
            let values: Vec<TokenStream> = values.collect();
            if !values.is_empty() {
                let (name, mutable) = (ident(self.names.of_array(*array)), self.variables.is_changed(*array));
                let mutable = mutable.then(|| quote!(mut));
                out.extend(quote!(let #mutable #name = [#(#values),*];));
            }
        }
        for (variable, name, position, usage) in self.net_arguments() {
            if usage.declared_by.is_none() && !self.variables.is_element(variable) {
                let mutable = usage.changes.then(|| quote!(mut));
                out.extend(quote!(let #mutable #name = net[#position];));
            }
        }
        out
    }

    fn stores(&self) -> TokenStream {
        let mut out = TokenStream::new();
        let at = self.at();
        for Slice { parameter, value, guard, .. } in self.slices.iter().filter(|slice| slice.stored) {
            let store = quote!(#parameter[#at] = #value;);
            out.extend(match guard.map(Guard::name) {
                Some(guard) => quote!(if #guard { #store }),
                None => store,
            });
        }
        for LongArray { array, parameter, guard, .. } in self.long_arrays.iter().filter(|long| long.stored) {
            let name = ident(self.names.of_array(*array));
            let store = quote!(for (row, value) in #parameter.iter_mut().zip(#name) { row[#at] = value; });
            out.extend(match guard.map(Guard::name) {
                Some(guard) => quote!(if #guard { #store }),
                None => store,
            });
        }
        for (_, name, position, usage) in self.net_arguments() {
            if usage.written {
                out.extend(quote!(net[#position] = #name;));
            }
        }
        out
    }

    /// Name, position and usage of the NetCon's arguments.
    fn net_arguments(&self) -> impl Iterator<Item = (Variable, TokenStream, Literal, &Usage)> {
        self.variables.usage.iter().filter_map(|(variable, usage)| match variable {
            Variable::Net(at) => {
                Some((*variable, tokens(self.names.of(*variable)), Literal::u32_unsuffixed(*at), usage))
            }
            _ => None,
        })
    }

    fn statements(&self, sources: &Sources) -> TokenStream {
        let dialect = RustDialect { names: &self.names, visits_netcons: self.visits_netcons() };
        let body = Body::new(&dialect, &self.variables, self.mechanism, sources, 0);
        parsed(&body.print_after(self.function, self.uniform))
    }

    /// The names of the values that all instances share.
    fn uniform_names(&self) -> Vec<Ident> {
        let place = |statement: &Statement| match statement.kind {
            StatementKind::Assign(place, _) => Some(place),
            _ => None,
        };
        let statements = self.function.body[..self.uniform].iter();
        statements.filter_map(place).map(|place| ident(self.names.of(place.into()))).collect()
    }

    /// The function that computes the values that all instances share.
    fn emit_uniform(&self, sources: &Sources) -> TokenStream {
        if self.uniform == 0 {
            return quote!();
        }
        let shared = self.shared();
        let dialect = RustDialect { names: &self.names, visits_netcons: false };
        let body = Body::new(&dialect, &self.variables, self.mechanism, sources, 0);
        let statements = parsed(&body.print_first(self.function, self.uniform));
        let (name, values) = (format_ident!("{}_uniform", self.name), self.uniform_names());
        let (parameters, _) = self.shared_parameters();
        let count = Literal::usize_unsuffixed(self.uniform);
        let doc = format!(" {} What all instances share.", kernel_title(self.name));
        quote! {
            #[doc = #doc]
            fn #name(#parameters) -> [Real; #count] { #shared #statements [#(#values),*] }
        }
    }
}

/// Statements that [`Body`] has printed.
fn parsed(text: &str) -> TokenStream {
    match text.parse() {
        Ok(tokens) => tokens,
        Err(error) => unreachable!("generated Rust has no tokens: {error}\n{text}"),
    }
}

/// A name or the element of an array, both made by [`Names`].
fn tokens(name: &str) -> TokenStream {
    match name.parse() {
        Ok(tokens) => tokens,
        Err(error) => unreachable!("a name has no tokens: {error}\n{name}"),
    }
}

struct RustDialect<'a> {
    names: &'a Names,
    visits_netcons: bool,
}

impl RustDialect<'_> {
    /// The cell of an argument that has no copy.
    fn cell(&self, variable: Variable) -> Option<String> {
        match variable {
            Variable::Net(at) if self.visits_netcons => Some(format!("net[{at}]")),
            Variable::Each(at) => Some(format!("each[{at}]")),
            _ => None,
        }
    }
}

impl Dialect for RustDialect<'_> {
    fn number(&self, value: f64) -> String {
        if value.is_nan() {
            "Real::NAN".to_owned()
        } else if value.is_infinite() {
            format!("{}Real::INFINITY", if value < 0.0 { "-" } else { "" })
        } else if (value as f32).is_infinite() {
            // A literal out of range is an error in Rust; a conversion gives infinity.
            format!("{value:?}f64 as Real")
        } else {
            format!("{value:?}")
        }
    }

    fn variable(&self, variable: Variable) -> String {
        match self.cell(variable) {
            Some(cell) => format!("{cell}.get()"),
            None => self.names.of(variable).to_owned(),
        }
    }

    fn array(&self, array: Array) -> String {
        self.names.of_array(array).to_owned()
    }

    fn element(&self, array: Array, index: &str) -> String {
        format!("{}[element({index}, {})]", self.names.of_array(array), array.length)
    }

    fn lookup(&self, table: TableColumn, slope: bool, x: &str) -> String {
        let TableColumn { start, intervals, width, output } = table;
        let function = if slope { "lookup_slope" } else { "lookup" };
        format!("{function}(&globals[{start}..], {intervals}, {width}, {output}, {x})")
    }

    fn input(&self, input: Input) -> String {
        input_name(input).to_owned()
    }

    fn function(&self, function: Math) -> String {
        format!("math::{}", function.name())
    }

    fn generator(&self, generator: Generator) -> String {
        format!("random::{}", generator.name())
    }

    fn select(&self, condition: &str, a: &str, b: &str) -> String {
        format!("select({condition}, {a}, {b})")
    }

    fn mul_add(&self) -> Option<&'static str> {
        Some("madd")
    }
}

impl Statements for RustDialect<'_> {
    fn declare(&self, name: &str, value: &str, changes: bool, constant: bool) -> String {
        let mutable = if changes { "mut " } else { "" };
        let kind = if constant { ": Real" } else { "" };
        format!("let {mutable}{name}{kind} = {value};")
    }

    fn declare_array(&self, name: &str, values: &[String], changes: bool) -> String {
        let mutable = if changes { "mut " } else { "" };
        format!("let {mutable}{name}: [Real; {}] = [{}];", values.len(), values.join(", "))
    }

    fn rounds(&self, limit: u32) -> String {
        format!("for _ in 0..{limit} {{")
    }

    fn comment(&self, text: &str) -> String {
        format!("comment!({});", Literal::string(text))
    }

    fn post(&self, post: Post, values: &[String]) -> String {
        format!("post.{}({});", post.name(), values.join(", "))
    }

    fn netcons(&self) -> Vec<&'static str> {
        vec!["for each in netcons.iter() {"]
    }

    fn store(&self, variable: Variable, value: &str) -> String {
        match self.cell(variable) {
            Some(cell) => format!("{cell}.set({value});"),
            None => format!("{} = {value};", self.variable(variable)),
        }
    }
}
