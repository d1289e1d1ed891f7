//! Built-in functions: mathematics, sections, 3-d points, files and what else templates call.

use super::{Run, Step};
use crate::hoc::{
    Hoc, HocErrorKind,
    ast::{Expr, Span},
    error::nearest,
    format::plain,
    value::{Place, Sec, Value, Var},
};

/// Functions that take and yield numbers.
fn mathematics(name: &str, arguments: &[f64]) -> Option<f64> {
    Some(match (name, arguments) {
        ("sin", [x]) => x.sin(),
        ("cos", [x]) => x.cos(),
        ("tan", [x]) => x.tan(),
        ("asin", [x]) => x.asin(),
        ("acos", [x]) => x.acos(),
        ("atan", [x]) => x.atan(),
        ("atan2", [y, x]) => y.atan2(*x),
        ("sinh", [x]) => x.sinh(),
        ("cosh", [x]) => x.cosh(),
        ("tanh", [x]) => x.tanh(),
        ("exp", [x]) => x.clamp(-745.2, 700.0).exp(),
        ("log", [x]) => x.ln(),
        ("log10", [x]) => x.log10(),
        ("sqrt", [x]) => x.sqrt(),
        ("int", [x]) => x.trunc(),
        ("abs", [x]) => x.abs(),
        _ => return None,
    })
}

const MATHEMATICS: [&str; 16] = [
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "log", "log10", "sqrt", "int",
    "abs",
];

/// Functions of sections and their points, strings and files.
const OTHERS: [&str; 53] = [
    "arc3d",
    "area",
    "argtype",
    "define_shape",
    "delete_section",
    "diam3d",
    "disconnect",
    "distance",
    "execerror",
    "execute",
    "execute1",
    "fprint",
    "ion_style",
    "ismembrane",
    "issection",
    "keep_nseg_parm",
    "lambda_f",
    "load_file",
    "load_func",
    "load_proc",
    "load_template",
    "n3d",
    "name_declared",
    "nernst",
    "nrn_load_dll",
    "numarg",
    "parent_connection",
    "pop_section",
    "printf",
    "psection",
    "pt3dadd",
    "pt3dchange",
    "pt3dclear",
    "pt3dconst",
    "pt3dinsert",
    "pt3dremove",
    "push_section",
    "ri",
    "secname",
    "section_exists",
    "section_orientation",
    "section_owner",
    "sectionname",
    "sprint",
    "sscanf",
    "strcmp",
    "strlen",
    "topology",
    "unix_mac_pc",
    "x3d",
    "xopen",
    "y3d",
    "z3d",
];

/// Functions that belong to running or showing a simulation.
const FOREIGN: [&str; 28] = [
    "advance",
    "batch_run",
    "continuerun",
    "cvode_active",
    "erf",
    "erfc",
    "fadvance",
    "fcurrent",
    "finitialize",
    "fmatrix",
    "getenv",
    "graphmode",
    "hoc_stdout",
    "init",
    "nrniv_bind_thread",
    "nrnmpi_init",
    "plot",
    "pt3dstyle",
    "quit",
    "run",
    "ropen",
    "set_seed",
    "stdinit",
    "system",
    "wopen",
    "xbutton",
    "xopen_broadcast_",
    "xpanel",
];

impl Hoc {
    /// Calls a built-in function; `None` where there is none of this name.
    pub(super) fn builtin(&mut self, name: &str, arguments: &[Expr], span: Span) -> Run<Option<Value>> {
        if MATHEMATICS.contains(&name) {
            let values = arguments.iter().map(|argument| self.number(argument)).collect::<Run<Vec<f64>>>()?;
            let outcome = match mathematics(name, &values) {
                None => Err(HocErrorKind::Argument {
                    function: name.to_string(),
                    value: format!("{} arguments", values.len()),
                    expected: format!("what {name}() takes"),
                }),
                Some(value) if value.is_nan() || (value.is_infinite() && values.iter().all(|x| x.is_finite())) => {
                    let list = values.iter().map(|&value| plain(value)).collect::<Vec<_>>().join(", ");
                    let expected = "in its domain".to_string();
                    Err(HocErrorKind::Argument { function: name.to_string(), value: list, expected })
                }
                Some(value) => Ok(Value::Number(value)),
            };
            return self.place_at(span, outcome).map(Some);
        }
        let call = Call { name, arguments, span };
        Ok(Some(match name {
            "numarg" => Value::Number(self.frame().arguments.len() as f64),
            "argtype" => self.argtype(&call)?,
            "unix_mac_pc" => Value::Number(1.0),
            "nernst" => self.nernst(&call)?,
            "load_file" | "xopen" | "load_proc" | "load_func" | "load_template" => self.load_call(&call)?,
            "nrn_load_dll" => Value::Number(1.0),
            "execute" | "execute1" => self.execute_call(&call)?,
            "name_declared" => {
                let name = self.text_of(&call, 0)?;
                let scope = self.scope();
                Value::Number(f64::from(u8::from(self.var(scope, &name).is_some() || self.procs.contains_key(&name))))
            }
            "printf" | "fprint" => {
                let text = self.formatted(arguments, span)?;
                let charged = self.charge(text.len() as u64);
                self.place_at(span, charged)?;
                self.log.push_str(&text);
                Value::Number(text.len() as f64)
            }
            "sprint" => self.sprint(&call)?,
            "sscanf" => self.sscanf(&call)?,
            "strcmp" => {
                let (a, b) = (self.text_of(&call, 0)?, self.text_of(&call, 1)?);
                Value::Number(match a.cmp(&b) {
                    std::cmp::Ordering::Less => -1.0,
                    std::cmp::Ordering::Equal => 0.0,
                    std::cmp::Ordering::Greater => 1.0,
                })
            }
            "execerror" => {
                let mut message = self.text_of(&call, 0)?.to_string();
                if arguments.len() > 1 {
                    message = format!("{} {}", message.trim_end(), self.text_of(&call, 1)?);
                }
                return Err(self.fail(span, HocErrorKind::Raised { message }));
            }
            "strlen" => Value::Number(self.text_of(&call, 0)?.chars().count() as f64),
            "pop_section" => {
                self.section_stack.pop();
                Value::Number(1.0)
            }
            "push_section" => self.push_section(&call)?,
            "section_exists" => self.section_exists(&call)?,
            "keep_nseg_parm" => Value::Number(1.0),
            "pt3dconst" => self.pt3dconst(&call)?,
            "define_shape" => {
                let shaped = self.worlds.current().cell.define_shape().map_err(HocErrorKind::from);
                self.place_at(span, shaped)?;
                Value::Number(1.0)
            }
            "topology" | "psection" => Value::Number(1.0),
            _ if OTHERS.contains(&name) => {
                let sec = self.section_in_sight(span)?;
                self.of_section(sec, &call)?
            }
            _ => return Ok(None),
        }))
    }

    pub(super) fn no_function(&self, name: &str) -> HocErrorKind {
        if FOREIGN.contains(&name) {
            let construct = format!("{name}()");
            let help = "it belongs to running or showing a simulation, not to the description of a cell".to_string();
            return HocErrorKind::Unsupported { construct, help };
        }
        let class = self.class();
        let procs = class.as_ref().map_or(&self.procs, |class| &class.procs);
        let known = procs.keys().map(|name| &**name).chain(MATHEMATICS).chain(OTHERS);
        let near = nearest(name, known);
        if class.is_some_and(|class| !class.external.contains(name)) && self.procs.contains_key(name) {
            let near = vec![format!("`external {name}` at the beginning of the template")];
            return HocErrorKind::Undefined { name: format!("{name}()"), near };
        }
        HocErrorKind::Undefined { name: format!("{name}()"), near }
    }

    /// Functions of the section accessed.
    fn of_section(&mut self, sec: Sec, call: &Call<'_>) -> Run<Value> {
        let span = call.span;
        let numbers =
            |hoc: &mut Self| call.arguments.iter().map(|argument| hoc.number(argument)).collect::<Run<Vec<f64>>>();
        let value = match call.name {
            "secname" => {
                let name = self.worlds.section_name(sec);
                return Ok(Value::Text(name.into()));
            }
            "sectionname" => {
                let name = self.worlds.section_name(sec);
                self.set_text(call, 0, name)?;
                1.0
            }
            "section_owner" => {
                let owner = self.worlds.get(sec.world).and_then(|world| world.owners[sec.id.0]);
                return Ok(Value::Object(owner));
            }
            "issection" => {
                let text = self.text_of(call, 0)?;
                let pattern = self.pattern(&text, span)?;
                f64::from(u8::from(pattern.is_match(&self.worlds.section_name(sec))))
            }
            "ismembrane" => {
                let name = self.text_of(call, 0)?;
                let there = self.has_mechanism(sec, &name);
                f64::from(u8::from(self.place_at(span, there)?))
            }
            "ion_style" => {
                let name = self.text_of(call, 0)?;
                let mut style = [0u8; 5];
                for (i, value) in style.iter_mut().enumerate() {
                    *value = self.number_of_call(call, i + 1)? as u8;
                }
                let done = self.set_ion_style(sec, &name, style);
                self.place_at(span, done)?;
                0.0
            }
            "disconnect" => {
                let done = self.worlds.of_section(sec).map(|world| world.cell.disconnect(sec.id));
                self.place_at(span, done)?;
                0.0
            }
            "delete_section" => {
                let done = self.worlds.of_section(sec).map(|world| world.delete(sec.id));
                self.place_at(span, done)?;
                self.section_stack.retain(|&other| other != sec);
                1.0
            }
            "distance" => {
                let values = numbers(self)?;
                let distance = self.distance(sec, &values);
                self.place_at(span, distance)?
            }
            _ => {
                let values = numbers(self)?;
                let value = self.geometry(sec, call.name, &values);
                self.place_at(span, value)?
            }
        };
        Ok(Value::Number(value))
    }

    /// Functions of a section that take numbers only.
    fn geometry(&mut self, sec: Sec, name: &str, values: &[f64]) -> Step<f64> {
        if name.starts_with("pt3d") {
            self.charge(1)?;
        }
        let wrong = || HocErrorKind::Argument {
            function: name.to_string(),
            value: format!("{} arguments", values.len()),
            expected: format!("what {name}() takes"),
        };
        let world = self.worlds.of_section(sec)?;
        let connection = world.cell.connection(sec.id);
        let section = world.cell.section_mut(sec.id);
        let index = |value: f64| if value >= 0.0 { value as usize } else { usize::MAX };
        let point = |i: f64| {
            let (index, count) = (index(i), section.points().len());
            let missing = crate::CellError::PointIndex { section: section.name().to_string(), index, count };
            section.points().get(index).copied().ok_or(HocErrorKind::from(missing))
        };
        Ok(match (name, values) {
            ("n3d", []) => section.points().len() as f64,
            ("x3d", [i]) => point(*i)?.x.into(),
            ("y3d", [i]) => point(*i)?.y.into(),
            ("z3d", [i]) => point(*i)?.z.into(),
            ("diam3d", [i]) => point(*i)?.diam.abs().into(),
            ("arc3d", [i]) => point(*i)?.arc,
            ("pt3dclear", _) => {
                section.clear_points();
                0.0
            }
            ("pt3dadd", [x, y, z, diam]) => {
                section.add_point(*x, *y, *z, *diam);
                1.0
            }
            ("pt3dinsert", [i, x, y, z, diam]) => {
                section.insert_point(index(*i), *x, *y, *z, *diam)?;
                0.0
            }
            ("pt3dchange", [i, x, y, z, diam]) => {
                section.change_point(index(*i), *x, *y, *z, *diam)?;
                0.0
            }
            ("pt3dchange", [i, diam]) => {
                section.change_point_diam(index(*i), *diam)?;
                0.0
            }
            ("pt3dremove", [i]) => {
                section.remove_point(index(*i))?;
                0.0
            }
            ("area", [x]) => {
                let segment = section.segment_index(*x)?;
                if *x == 0.0 || *x == 1.0 { 0.0 } else { section.geometry()?.area[segment] }
            }
            ("ri", [x]) => {
                let segment = section.segment_index(*x)?;
                let conductance = section.geometry()?.conductance;
                let at_end = (*x == 1.0) != section.is_reversed();
                match *x {
                    x if (x == 0.0 || x == 1.0) && !at_end => 1e30,
                    x if x == 0.0 || x == 1.0 => 1.0 / conductance[conductance.len() - 1],
                    _ => 1.0 / conductance[segment],
                }
            }
            ("lambda_f", [hz]) => lambda_f(section, *hz)?,
            ("parent_connection", []) => connection.map_or(0.0, |connection| connection.x),
            ("section_orientation", []) => f64::from(u8::from(section.is_reversed())),
            _ => return Err(wrong()),
        })
    }

    /// `distance()` sets the origin at the beginning of the section; `distance(x)` measures; `distance(0, x)` and
    /// `distance(1, x)` do either.
    fn distance(&mut self, sec: Sec, values: &[f64]) -> Step<f64> {
        let (set, x) = match values {
            [] => (true, 0.0),
            [x] => (false, *x),
            [mode, x, ..] => (*mode == 0.0, *x),
        };
        let world = self.worlds.of_section(sec)?;
        if set {
            world.cell.location(sec.id, x)?;
            world.origin = Some((sec, x));
            return Ok(0.0);
        }
        let Some((origin, from)) = world.origin.filter(|(origin, _)| !world.deleted[origin.id.0]) else {
            return Err(HocErrorKind::Misplaced("distance(x) before distance(), which sets the origin, is"));
        };
        let distance = world.cell.path_distance((origin.id, from), (sec.id, x))?;
        Ok(distance.unwrap_or(1e20))
    }

    // ---- arguments ----

    fn argument_of<'c>(&self, call: &Call<'c>, index: usize) -> Run<&'c Expr> {
        call.arguments.get(index).ok_or_else(|| {
            let (name, count) = (call.name.to_string(), call.arguments.len());
            self.fail(call.span, HocErrorKind::NoArgument { name, index: index + 1, count })
        })
    }

    pub(super) fn text_of(&mut self, call: &Call<'_>, index: usize) -> Run<std::sync::Arc<str>> {
        let argument = self.argument_of(call, index)?;
        self.text(argument)
    }

    pub(super) fn number_of_call(&mut self, call: &Call<'_>, index: usize) -> Run<f64> {
        let argument = self.argument_of(call, index)?;
        self.number(argument)
    }

    /// The variable that an argument names.
    pub(super) fn place_of(&mut self, call: &Call<'_>, index: usize) -> Run<Place> {
        let argument = self.argument_of(call, index)?;
        match &argument.kind {
            crate::hoc::ast::ExprKind::Path(path) | crate::hoc::ast::ExprKind::Pointer(path) => self.assignable(path),
            _ => {
                let what = format!("argument {} of {}", index + 1, call.name);
                let kind = HocErrorKind::Type { what, found: "a value", expected: "a variable" };
                Err(self.fail(argument.span, kind))
            }
        }
    }

    pub(super) fn set_text(&mut self, call: &Call<'_>, index: usize, text: String) -> Run<()> {
        let place = self.place_of(call, index)?;
        let charged = self.charge(text.len() as u64);
        self.place_at(call.span, charged)?;
        self.assign(&place, Value::Text(text.into()), call.span)
    }

    // ---- single functions ----

    fn argtype(&mut self, call: &Call<'_>) -> Run<Value> {
        let index = self.number_of_call(call, 0)?;
        let arguments = &self.frame().arguments;
        let value = arguments.get((index - 1.0).max(0.0) as usize).filter(|_| index >= 1.0).cloned();
        let value = match value {
            Some(Value::Pointer(place)) => Some(self.load_at(&place, call.span)?),
            other => other,
        };
        Ok(Value::Number(match value {
            None => -1.0,
            Some(Value::Number(_)) => 0.0,
            Some(Value::Object(_)) => 1.0,
            Some(Value::Text(_)) => 2.0,
            Some(Value::Pointer(_)) => 3.0,
        }))
    }

    /// `nernst(inside, outside, charge)`, mV.
    fn nernst(&mut self, call: &Call<'_>) -> Run<Value> {
        let (inside, outside) = (self.number_of_call(call, 0)?, self.number_of_call(call, 1)?);
        let charge = self.number_of_call(call, 2)?;
        let celsius = match self.load_at(&Place::Setting("celsius".into()), call.span)? {
            Value::Number(celsius) => celsius,
            _ => 6.3,
        };
        let (faraday, gas) = (1.602_176_634e-19 * 6.022_140_76e23, 1.380_649e-23 * 6.022_140_76e23);
        Ok(Value::Number(match () {
            () if charge == 0.0 => 0.0,
            () if inside <= 0.0 => 1e6,
            () if outside <= 0.0 => -1e6,
            () => 1000.0 * gas * (celsius + 273.15) / faraday / charge * (outside / inside).ln(),
        }))
    }

    fn load_call(&mut self, call: &Call<'_>) -> Run<Value> {
        let mut index = 0;
        let mut again = call.name == "xopen";
        if let Some(first) = call.arguments.first()
            && let Value::Number(flag) = self.value(first)?
        {
            again |= flag != 0.0;
            index = 1;
        }
        if call.name.starts_with("load_") && call.name != "load_file" {
            // names, not files: what they name is there if its file was loaded
            return Ok(Value::Number(1.0));
        }
        let name = self.text_of(call, index)?;
        self.load_from_text(&name, again, call.span).map(Value::Number)
    }

    fn push_section(&mut self, call: &Call<'_>) -> Run<Value> {
        let name = self.text_of(call, 0)?;
        let named = |sec: &Sec| self.worlds.section_name(*sec) == *name;
        match self.worlds.current_ref().live_sections().find(named) {
            Some(sec) => {
                self.section_stack.push(sec);
                Ok(Value::Number(1.0))
            }
            None => Err(self.fail(call.span, HocErrorKind::NotASection { name: name.to_string() })),
        }
    }

    fn section_exists(&mut self, call: &Call<'_>) -> Run<Value> {
        let text = self.text_of(call, 0)?;
        let (base, mut index) = match text.split_once('[') {
            Some((base, rest)) => (base, rest.trim_end_matches(']').parse().unwrap_or(0.0)),
            None => (&*text, 0.0),
        };
        let mut scope = crate::hoc::value::ScopeRef::Global;
        for argument in &call.arguments[1..] {
            match self.value(argument)? {
                Value::Number(value) => index = value,
                Value::Object(Some(object)) => scope = crate::hoc::value::ScopeRef::Object(object),
                _ => {}
            }
        }
        let found = match self.var(scope, base) {
            Some(Var::Section(array)) if index >= 0.0 => array.values.get(index as usize).copied().flatten(),
            _ => None,
        };
        let exists = found.is_some_and(|sec| self.worlds.of_section(sec).is_ok());
        Ok(Value::Number(f64::from(u8::from(exists))))
    }

    fn pt3dconst(&mut self, call: &Call<'_>) -> Run<Value> {
        if !call.arguments.is_empty() && self.number_of_call(call, 0)? != 0.0 {
            let construct = "pt3dconst(1)".to_string();
            let help = "3-d points follow when L or diam are set".to_string();
            return Err(self.fail(call.span, HocErrorKind::Unsupported { construct, help }));
        }
        Ok(Value::Number(0.0))
    }
}

/// A call being made.
pub(super) struct Call<'c> {
    pub name: &'c str,
    pub arguments: &'c [Expr],
    pub span: Span,
}

/// The length constant of a cable at `hz` Hz, um (NEURON's `lambda_f`; Hines & Carnevale 2001): where there are 3-d
/// points the electrotonic length is summed along them.
fn lambda_f(section: &mut crate::Section, hz: f64) -> Step<f64> {
    let scale = (4.0 * std::f64::consts::PI * hz * section.ra() * section.cm()[(section.nseg() - 1) / 2]).sqrt();
    let points = section.points();
    if points.len() < 2 {
        section.refresh()?;
        let middle = section.segment_index(0.5)?;
        let (ra, cm, diam) = (section.ra(), section.cm()[middle], section.diam()[middle]);
        return Ok(1e5 * (diam / (4.0 * std::f64::consts::PI * hz * ra * cm)).sqrt());
    }
    let size = |i: usize| f64::from(points[i].diam.abs());
    let sum: f64 =
        (1..points.len()).map(|i| (points[i].arc - points[i - 1].arc) / (size(i - 1) + size(i)).sqrt()).sum();
    Ok(section.length() / (sum * (2.0_f64.sqrt() * 1e-5 * scale)))
}
