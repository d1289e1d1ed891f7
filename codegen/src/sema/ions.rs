//! USEION: which variables of which ions are read and written.

use super::collect::Items;
use super::report::Report;
use super::uses::Uses;
use crate::ir::{Ion, IonField, IonId};
use nmodl_parser::ast::{Name, UseIon};
use nmodl_parser::{Diagnostic, Span};

/// A reversal potential, a concentration, or a current that is only read.
#[derive(Clone, Debug)]
pub struct IonVariable {
    /// `eca`, `cai`, ...
    pub name: String,
    /// The ion.
    pub ion: IonId,
    /// Which of its values.
    pub field: IonField,
    /// Listed in WRITE.
    pub write: bool,
    /// The kernels hold a copy in a local because the code assigns it.
    pub copied: bool,
    /// Where it is listed.
    pub span: Span,
}

/// The USEION statement that would declare a name, if it looks like a variable of a usual ion.
pub fn statement_for(name: &str) -> Option<String> {
    ["na", "k", "ca", "cl", "mg", "h"].iter().find_map(|ion| {
        let read = [format!("e{ion}"), format!("{ion}i"), format!("{ion}o")].iter().any(|known| known == name);
        let current = name == format!("i{ion}");
        (read || current).then(|| format!("USEION {ion} {} {name}", if current { "WRITE" } else { "READ" }))
    })
}

/// The ions and their variables. Currents listed in WRITE are no ion variables but columns.
pub fn declare(items: &Items, uses: &Uses, report: &mut Report) -> (Vec<Ion>, Vec<IonVariable>) {
    let mut ions: Vec<Ion> = Vec::new();
    let mut variables: Vec<IonVariable> = Vec::new();
    for use_ion in &items.ions {
        let name = &use_ion.ion.text;
        let at = ions.iter().position(|ion| ion.name == *name).unwrap_or_else(|| {
            ions.push(Ion { name: name.clone(), valence: None, read: vec![], write: vec![] });
            ions.len() - 1
        });
        if let Some(valence) = &use_ion.valence {
            if let Some(other) = ions[at].valence
                && other != valence.value
            {
                let message = format!("ion `{name}` has valence {other} and valence {}", valence.value);
                report.push(
                    Diagnostic::error("M0242", message, valence.span, "the second one")
                        .help("an ion has one valence: keep one VALENCE"),
                );
            }
            ions[at].valence = Some(valence.value);
        }
        let id = IonId(at as u32);
        for (names, write) in [(&use_ion.read, false), (&use_ion.write, true)] {
            for variable in names {
                let Some(field) = field_of(use_ion, variable) else {
                    report.push(not_of_ion(use_ion, variable));
                    continue;
                };
                let list = if write { &mut ions[at].write } else { &mut ions[at].read };
                if !list.contains(&field) {
                    list.push(field);
                }
                if field == IonField::Current && is_written(items, variable) {
                    continue;
                }
                match variables.iter_mut().find(|known| known.name == variable.text) {
                    Some(known) => known.write |= write,
                    None => variables.push(IonVariable {
                        name: variable.text.clone(),
                        ion: id,
                        field,
                        write,
                        copied: uses.written.contains_key(variable.text.as_str()),
                        span: variable.span,
                    }),
                }
            }
        }
    }
    for variable in variables.iter().filter(|variable| variable.copied && !variable.write) {
        let message = format!("`{}` is assigned but not listed in WRITE", variable.name);
        report.push(
            Diagnostic::warning("M0312", message, variable.span, "only read")
                .help(format!("the ion does not see the change; `WRITE {}` would let it", variable.name)),
        );
    }
    (ions, variables)
}

fn is_written(items: &Items, name: &Name) -> bool {
    items.ions.iter().flat_map(|use_ion| &use_ion.write).any(|written| written.text == name.text)
}

/// The id of an ion that [`declare`] has made.
pub fn id_of(ions: &[Ion], name: &str) -> IonId {
    // `declare` makes every USEION an ion.
    IonId(ions.iter().position(|ion| ion.name == name).unwrap_or(0) as u32)
}

fn field_of(use_ion: &UseIon, variable: &Name) -> Option<IonField> {
    let (ion, name) = (use_ion.ion.text.as_str(), variable.text.as_str());
    match name.strip_prefix(ion) {
        Some("i") => return Some(IonField::Conci),
        Some("o") => return Some(IonField::Conco),
        _ => {}
    }
    match name.strip_suffix(ion) {
        Some("e") => Some(IonField::Erev),
        Some("i") => Some(IonField::Current),
        _ => None,
    }
}

fn not_of_ion(use_ion: &UseIon, variable: &Name) -> Diagnostic {
    let ion = &use_ion.ion.text;
    let message = format!("`{}` is not a variable of ion `{ion}`", variable.text);
    Diagnostic::error("M0209", message, variable.span, "unknown ion variable")
        .help(format!("ion `{ion}` has `e{ion}`, `{ion}i`, `{ion}o` and `i{ion}`"))
}
