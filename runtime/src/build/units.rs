//! The units of reported variables, as readers of reports want to know them.

use crate::model::Site;
use codegen::manifest::MechanismManifest;

/// The units of a variable: of the membrane, of an ion, or `variable_mechanism`; of a synapse the variable's own name.
/// "1" for numbers without a unit.
pub(super) fn of(variable: &str, site: Option<&Site>, mechanisms: &[MechanismManifest]) -> String {
    let unit = match (variable, site) {
        ("i_membrane_", _) => Some("nA".to_owned()),
        ("i_membrane", _) => Some("mA/cm2".to_owned()),
        (_, Some(Site::Point(_))) => mechanisms.iter().find_map(|mechanism| of_column(mechanism, variable)),
        ("v" | "vext" | "e_extracellular", _) => Some("mV".to_owned()),
        _ => of_ion(variable, mechanisms).map(str::to_owned).or_else(|| of_mechanism(variable, mechanisms)),
    };
    unit.filter(|unit| !unit.is_empty()).unwrap_or_else(|| "1".to_owned())
}

fn of_ion(variable: &str, mechanisms: &[MechanismManifest]) -> Option<&'static str> {
    let used = mechanisms.iter().flat_map(|mechanism| &mechanism.ions).map(|ion| ion.name.as_str());
    used.chain(["na", "k", "ca"]).find_map(|ion| match variable.strip_prefix(ion) {
        Some("i" | "o") => Some("mM"),
        _ if variable.strip_prefix('e') == Some(ion) => Some("mV"),
        _ if variable.strip_prefix('i') == Some(ion) => Some("mA/cm2"),
        _ => None,
    })
}

fn of_mechanism(variable: &str, mechanisms: &[MechanismManifest]) -> Option<String> {
    mechanisms.iter().find_map(|mechanism| {
        let name = variable.strip_suffix(mechanism.name.as_str())?.strip_suffix('_')?;
        of_column(mechanism, name)
    })
}

fn of_column(mechanism: &MechanismManifest, name: &str) -> Option<String> {
    mechanism.columns.iter().find(|column| column.name == name).map(|column| column.unit.clone())
}
