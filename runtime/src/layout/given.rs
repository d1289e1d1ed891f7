//! What mechanisms are given from outside: GLOBALs, EXTERNAL variables, POINTERs, what HOC would set.

use super::{LayoutError, cells};
use crate::model::Network;
use codegen::manifest::MechanismManifest;

/// The mechanisms with the values that the network gives to their GLOBALs.
pub(super) fn globals(network: &Network, mechanisms: &[MechanismManifest]) -> Vec<MechanismManifest> {
    let mut mechanisms = mechanisms.to_vec();
    for given in &network.globals {
        let Some(manifest) = mechanisms.iter_mut().find(|manifest| *manifest.name == *given.mechanism) else {
            continue;
        };
        for global in manifest.globals.iter_mut().filter(|global| global.name == given.variable) {
            global.default = given.value;
        }
        // Those that the mechanism assigns itself are kept by each instance.
        for column in manifest.columns.iter_mut().filter(|column| column.name == given.variable) {
            column.default = given.value;
        }
    }
    mechanisms
}

/// EXTERNAL variables take the values of the GLOBALs that they name.
pub(super) fn externals(
    mut mechanisms: Vec<MechanismManifest>,
    all: &[MechanismManifest],
) -> Result<Vec<MechanismManifest>, LayoutError> {
    for manifest in &mut mechanisms {
        for global in manifest.globals.iter_mut().filter(|global| global.external) {
            let error = |reason: String| LayoutError::External {
                mechanism: manifest.name.clone(),
                variable: global.name.clone(),
                reason,
            };
            let owned = all.iter().find_map(|owner| {
                let name = global.name.strip_suffix(owner.name.as_str())?.strip_suffix('_')?;
                let known = owner.globals.iter().find(|other| other.name == name && !other.external);
                let assigned = owner.column(name).is_some();
                (known.is_some() || assigned).then(|| (owner, known.map(|known| known.default)))
            });
            global.default = match owned {
                Some((_, Some(value))) => value,
                Some((owner, None)) => {
                    return Err(error(format!(
                        "mechanism `{}` assigns it, so that each instance has its own",
                        owner.name
                    )));
                }
                None => return Err(error("no mechanism has a GLOBAL of this name that stays as it is".to_owned())),
            };
        }
    }
    Ok(mechanisms)
}

/// Refuses instances that need a POINTER, or something else that nothing gives.
pub(super) fn complete(network: &Network, mechanisms: &[MechanismManifest]) -> Result<(), LayoutError> {
    for manifest in mechanisms {
        let mechanism = manifest.name.clone();
        if let Some(pointer) = manifest.pointers.first().cloned() {
            return Err(LayoutError::UnsetPointer { place: holder(network, &mechanism), mechanism, pointer });
        }
        if let Some(missing) = manifest.missing.first().cloned() {
            return Err(LayoutError::Incomplete { place: holder(network, &mechanism), mechanism, missing });
        }
    }
    Ok(())
}

/// A cell that holds an instance, in words.
fn holder(network: &Network, mechanism: &str) -> String {
    let point = network.point_processes.iter().find(|point| &*point.mechanism == mechanism).map(|point| point.cell);
    let holder = point.or_else(|| {
        network.cells.iter().position(|cell| cells::inserted(&cell.cell).any(|inserted| inserted == mechanism))
    });
    match holder.map(|cell| &network.cells[cell]) {
        Some(cell) => format!("cell {} of population `{}`", cell.node_id, cell.population),
        None => "an artificial cell".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codegen::Options;
    use nmodl_parser::SourceFile;

    fn manifest(text: &str) -> MechanismManifest {
        let (mechanism, diagnostics) = codegen::compile(&SourceFile::new("x.mod", text), &Options::default());
        MechanismManifest::of(&mechanism.unwrap_or_else(|| panic!("{diagnostics:?}")))
    }

    #[test]
    fn external_variables_take_the_values_of_globals() {
        let user = manifest(
            "NEURON { SUFFIX user EXTERNAL area_of_head, n_head RANGE y } INITIAL { y = n_head } ASSIGNED { y v }",
        );
        let head =
            manifest("NEURON { SUFFIX head GLOBAL n RANGE y } PARAMETER { n = 7 } ASSIGNED { y v } INITIAL { y = n }");
        let found = externals(vec![user.clone()], &[head.clone(), user.clone()]).unwrap();
        let names: Vec<_> = found[0].globals.iter().map(|global| (global.name.as_str(), global.default)).collect();
        assert_eq!(names, [("n_head", 7.0)], "what is not used is not asked for");
        let error = |all: &[MechanismManifest]| externals(vec![user.clone()], all).unwrap_err().to_string();
        assert!(
            error(std::slice::from_ref(&user))
                .contains("EXTERNAL `n_head` of `user` has no value: no mechanism has a GLOBAL")
        );
        let busy = manifest(
            "NEURON { SUFFIX head GLOBAL n RANGE y } ASSIGNED { n y v } INITIAL { n = v } BREAKPOINT { y = n }",
        );
        assert!(error(&[busy]).contains("mechanism `head` assigns it"));
    }

    #[test]
    fn what_nothing_gives_is_named() {
        let curve =
            manifest("NEURON { SUFFIX curve RANGE y } ASSIGNED { y v } INITIAL { y = f(v) } FUNCTION_TABLE f(x)");
        let error = complete(&Network::default(), &[curve]).unwrap_err().to_string();
        assert!(error.contains("`curve` cannot run without a table for its FUNCTION_TABLE `f`"), "{error}");
        assert!(error.contains("write it as a FUNCTION `f`"), "{error}");
        let gap = manifest("NEURON { POINT_PROCESS gap POINTER q RANGE y } ASSIGNED { y q } NET_RECEIVE(w) { y = q }");
        let error = complete(&Network::default(), &[gap]).unwrap_err().to_string();
        assert!(error.contains("POINTER `q` of `gap` is not set"), "{error}");
    }
}
