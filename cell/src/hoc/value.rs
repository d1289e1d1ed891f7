//! Values, variables and the places they are kept in.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{ast::Name, error::HocErrorKind};
use crate::{RangeVariable, SectionId};

/// A section: which world it is of (see [`super::world`]), and which section there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sec {
    pub world: u32,
    pub id: SectionId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ObjectId {
    pub world: u32,
    pub index: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Number(f64),
    Text(Arc<str>),
    /// `None` is NULLobject.
    Object(Option<ObjectId>),
    /// `&x`
    Pointer(Box<Place>),
}

impl Value {
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::Object(_) => "an object",
            Value::Pointer(_) => "a pointer",
        }
    }
}

/// Where a variable is kept.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A variable at top level or of an object; element `flat` where it is an array.
    Variable {
        scope: ScopeRef,
        name: Name,
        flat: usize,
    },
    /// A local variable of the procedure in frame `frame`.
    Local {
        frame: usize,
        slot: usize,
    },
    /// An argument of the procedure in frame `frame`, from 0.
    Argument {
        frame: usize,
        index: usize,
    },
    Property(Sec, Property),
    /// A range variable of a section, at `x` or all along.
    Range(Sec, Arc<RangeVariable>, Option<f64>),
    /// `vec.x[i]`
    VectorElement(ObjectId, usize),
    /// `str.s` of a String object
    StringText(ObjectId),
    /// A number of a point process or of what reads a morphology.
    ObjectNumber(ObjectId, Name),
    /// A variable of the simulator, such as `celsius`.
    Setting(Name),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeRef {
    Global,
    Object(ObjectId),
}

/// Variables that a section has once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Property {
    L,
    Nseg,
    Ra,
    Rallbranch,
}

impl Property {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "L" => Some(Self::L),
            "nseg" => Some(Self::Nseg),
            "Ra" => Some(Self::Ra),
            "rallbranch" => Some(Self::Rallbranch),
            _ => None,
        }
    }
}

/// A declared or assigned variable.
#[derive(Debug, Clone)]
pub(crate) enum Var {
    Number(Array<f64>),
    Text(Arc<str>),
    Object(Array<Option<ObjectId>>),
    Section(Array<Option<Sec>>),
}

impl Var {
    pub fn kind(&self) -> &'static str {
        match self {
            Var::Number(_) => "a number",
            Var::Text(_) => "a string",
            Var::Object(_) => "an object variable",
            Var::Section(_) => "a section",
        }
    }

    /// The same declaration with nothing assigned.
    pub fn blank(&self) -> Var {
        match self {
            Var::Number(array) => Var::Number(Array::filled(array.dims.clone(), 0.0)),
            Var::Text(_) => Var::Text("".into()),
            Var::Object(array) => Var::Object(Array::filled(array.dims.clone(), None)),
            Var::Section(array) => Var::Section(Array::filled(array.dims.clone(), None)),
        }
    }

    fn dims(&self) -> &[usize] {
        match self {
            Var::Number(array) => &array.dims,
            Var::Text(_) => &[],
            Var::Object(array) => &array.dims,
            Var::Section(array) => &array.dims,
        }
    }

    /// The element that subscripts name. An array named without subscripts means its first element.
    pub fn flat(&self, name: &str, subscripts: &[f64]) -> Result<usize, HocErrorKind> {
        let dims = self.dims();
        if subscripts.is_empty() {
            return Ok(0);
        }
        if subscripts.len() != dims.len() {
            let (expected, found) = (dims.len(), subscripts.len());
            return Err(HocErrorKind::Subscripts { name: name.to_string(), expected, found });
        }
        subscripts.iter().zip(dims).try_fold(0, |flat, (&subscript, &size)| {
            let index = (subscript + EPSILON).trunc();
            if index >= 0.0 && index < size as f64 {
                Ok(flat * size + index as usize)
            } else {
                Err(HocErrorKind::Subscript { name: name.to_string(), index: subscript, size })
            }
        })
    }
}

/// A value or an array of them; no dimensions for a plain variable.
#[derive(Debug, Clone)]
pub(crate) struct Array<T> {
    pub dims: Vec<usize>,
    pub values: Vec<T>,
}

impl<T: Clone> Array<T> {
    pub fn filled(dims: Vec<usize>, value: T) -> Self {
        let size = dims.iter().product();
        Self { dims, values: vec![value; size] }
    }

    pub fn scalar(value: T) -> Self {
        Self { dims: Vec::new(), values: vec![value] }
    }
}

/// The subscripts of element `flat`.
pub(crate) fn subscripts(dims: &[usize], flat: usize) -> Vec<usize> {
    let mut indices = vec![0; dims.len()];
    let mut rest = flat;
    for (index, &size) in indices.iter_mut().zip(dims).rev() {
        *index = rest % size;
        rest /= size;
    }
    indices
}

/// Variables by name, in order of declaration.
pub(crate) type Scope = IndexMap<Name, Var>;

/// HOC compares numbers, and rounds subscripts and loop ends, with this tolerance (`float_epsilon`).
pub(crate) const EPSILON: f64 = 1e-11;
