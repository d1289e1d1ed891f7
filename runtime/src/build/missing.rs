//! Mechanisms that the model needs and that are not there: all of them, told at once.

use crate::mechanisms::Refused;
use crate::problem::{Problem, list};
use codegen::ir::Kind;
use codegen::manifest::MechanismManifest;
use std::collections::BTreeMap;
use std::fmt;

/// What is needed of a mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// To insert it.
    Density,
    /// To place it.
    PointProcess,
    /// To be a cell.
    ArtificialCell,
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Density => "mechanism",
            Self::PointProcess => "POINT_PROCESS",
            Self::ArtificialCell => "ARTIFICIAL_CELL",
        })
    }
}

/// Names of missing mechanisms, and who needs each.
#[derive(Debug, Default)]
pub struct Missing {
    needed: BTreeMap<(Needs, String), Vec<String>>,
}

impl Missing {
    /// Notes that `who` needs a mechanism.
    pub fn add(&mut self, name: &str, needs: Needs, who: impl Into<String>) {
        let (whos, who) = (self.needed.entry((needs, name.to_owned())).or_default(), who.into());
        if !whos.contains(&who) {
            whos.push(who);
        }
    }

    /// One problem for each.
    pub fn problems<'a>(
        &'a self,
        mechanisms: &'a [MechanismManifest],
        refused: &'a [Refused],
        folders: &'a str,
    ) -> impl Iterator<Item = Problem> + 'a {
        self.needed.iter().map(move |((needs, name), whos)| {
            let by = format!("needed by {}", list(whos));
            if let Some(refused) = refused.iter().find(|refused| refused.name == *name) {
                return Problem::model(format!("{needs} `{name}` cannot be used: its file was refused"))
                    .at(refused.place.clone())
                    .note(by)
                    .note(refused.rendered.clone());
            }
            let problem = Problem::model(format!("there is no {needs} `{name}`")).note(by);
            let kind = match needs {
                Needs::Density => Kind::Density,
                Needs::PointProcess => Kind::PointProcess,
                Needs::ArtificialCell => Kind::ArtificialCell,
            };
            let names: Vec<&str> =
                mechanisms.iter().filter(|known| known.kind == kind).map(|known| known.name.as_str()).collect();
            match sonata::suggest::nearest(name, names.iter().copied()) {
                Some(nearest) => problem.help(format!("did you mean `{nearest}`?")),
                None => {
                    problem.note(format!("known are: {}", list(&names))).help(format!("put {name}.mod into {folders}"))
                }
            }
        })
    }
}
