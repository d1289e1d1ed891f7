//! The order in which mechanisms are executed in a step.
//!
//! All of them subtract from the same right-hand side, so equal round-off needs NEURON's order:
//! those that write a concentration first, each new one before the earlier; then its built-in ones;
//! then the model's, by file name.
//!
//! Source: `nrn/src/nrnoc/init.cpp` (registration), `hoc_register_*` in NEURON 9.

use super::find::Origin;
use codegen::manifest::MechanismManifest;

/// NEURON's own mechanisms in order of their registration.
const NEURON: [&str; 15] = [
    "pas",
    "extracellular",
    "IClamp",
    "AlphaSynapse",
    "ExpSyn",
    "Exp2Syn",
    "SEClamp",
    "VClamp",
    "OClamp",
    "APCount",
    "hh",
    "NetStim",
    "IntFire1",
    "IntFire2",
    "IntFire4",
];

/// Indices of mechanisms in order of execution. `files` tells where each comes from.
pub fn execution_order(mechanisms: &[(&MechanismManifest, &Origin)]) -> Vec<usize> {
    let mut registered: Vec<usize> = (0..mechanisms.len()).collect();
    registered.sort_by_key(|&index| {
        let (manifest, origin) = mechanisms[index];
        match origin {
            Origin::Stock => {
                let place = NEURON.iter().position(|name| *name == manifest.name).unwrap_or(NEURON.len());
                (0, place, manifest.source.clone().into())
            }
            Origin::File(path) => (1, 0, path.file_name().unwrap_or_default().to_owned()),
        }
    });
    let (mut writers, others): (Vec<usize>, Vec<usize>) =
        registered.into_iter().partition(|&index| mechanisms[index].0.writes_concentration());
    writers.reverse();
    writers.extend(others);
    writers
}

#[cfg(test)]
mod tests {
    use super::*;
    use codegen::ir::{IonField, Kind};
    use codegen::manifest::IonManifest;

    fn manifest(name: &str, write: Option<IonField>) -> MechanismManifest {
        MechanismManifest {
            name: name.into(),
            kind: Kind::Density,
            source: format!("{name}.mod"),
            hash: String::new(),
            columns: Vec::new(),
            globals: Vec::new(),
            ions: write
                .map(|field| IonManifest { name: "ca".into(), valence: None, read: Vec::new(), write: vec![field] })
                .into_iter()
                .collect(),
            streams: Vec::new(),
            pointers: Vec::new(),
            settled_by: Vec::new(),
            missing: Vec::new(),
            net_arguments: Vec::new(),
            table_size: 0,
            tabulated: None,
            electrode: None,
            diffusions: vec![],
            kernels: Vec::new(),
            costs: Default::default(),
            geometry: false,
            events: codegen::manifest::EventsManifest::default(),
            superposes: false,
        }
    }

    #[test]
    fn writers_then_stock_then_files() {
        let file = |name: &str| Origin::File(format!("/mods/{name}.mod").into());
        let entries = [
            (manifest("na", None), file("na")),
            (manifest("hh", None), Origin::Stock),
            (manifest("CaDynamics", Some(IonField::Conci)), file("CaDynamics")),
            (manifest("pas", None), Origin::Stock),
            (manifest("capool", Some(IonField::Conci)), file("capool")),
            (manifest("cat", None), file("cat")),
        ];
        let borrowed: Vec<_> = entries.iter().map(|(manifest, origin)| (manifest, origin)).collect();
        let names: Vec<&str> =
            execution_order(&borrowed).into_iter().map(|index| entries[index].0.name.as_str()).collect();
        assert_eq!(names, ["capool", "CaDynamics", "pas", "hh", "cat", "na"]);
    }
}
