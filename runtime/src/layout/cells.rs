//! A cell as a template: its compartments, and what its sections have inserted, node by node.

use super::{DiffusionTree, IonSpecies, IonStyle, IonTemplate, LayoutError, MechanismTemplate, Template};
use cell::{Cell, Compartments, DensityMechanism, SectionId};
use codegen::ir::Kind;
use codegen::manifest::MechanismManifest;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What distinguishes the templates of cells: the cell, and the sections into which point processes
/// bring ions (`(section, mechanism)`, sorted).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct TemplateKey {
    cell: usize,
    ions_of_points: Vec<(SectionId, usize)>,
}

impl TemplateKey {
    pub(super) fn new(cell: &Arc<Cell>, ions_of_points: Vec<(SectionId, usize)>) -> Self {
        Self { cell: Arc::as_ptr(cell) as usize, ions_of_points }
    }
}

/// Names of all density mechanisms in a cell.
pub(super) fn inserted(cell: &Cell) -> impl Iterator<Item = &str> {
    cell.sections().iter().flat_map(|section| section.mechanisms().keys().map(String::as_str))
}

/// A cell's arrays.
pub(super) fn template(
    cell: &Cell,
    key: &TemplateKey,
    mechanisms: &[MechanismManifest],
    species: &[IonSpecies],
) -> Result<Template, LayoutError> {
    let compartments = cell.compartments().map_err(|error| LayoutError::Geometry(error.to_string()))?;
    if compartments.roots != 1 {
        return Err(LayoutError::Roots { roots: compartments.roots });
    }
    let reader = Reader { cell, compartments: &compartments, mechanisms, species };
    reader.check_mechanisms()?;
    let inserted = reader.density_mechanisms()?;
    let ions = reader.ions(key)?;
    let real = |values: &[f64]| values.to_vec();
    Ok(Template {
        parent: compartments.parent.iter().map(|&parent| parent as u32).collect(),
        a: real(&compartments.a),
        b: real(&compartments.b),
        area: real(&compartments.area),
        diam: real(&compartments.diam),
        cm: real(&compartments.cm),
        mechanisms: inserted,
        ions,
        order: (0..compartments.parent.len() as u32).collect(),
        compartments: Arc::new(compartments),
    })
}

struct Reader<'a> {
    cell: &'a Cell,
    compartments: &'a Compartments,
    mechanisms: &'a [MechanismManifest],
    species: &'a [IonSpecies],
}

impl Reader<'_> {
    fn check_mechanisms(&self) -> Result<(), LayoutError> {
        for section in self.cell.sections() {
            for name in section.mechanisms().keys() {
                let known = |m: &MechanismManifest| m.name == *name && m.kind == Kind::Density;
                if !self.mechanisms.iter().any(known) {
                    let section = section.name().to_string();
                    return Err(LayoutError::NoMechanism { mechanism: name.clone(), section });
                }
            }
        }
        Ok(())
    }

    /// Nodes with a membrane, with their section and segment.
    fn membrane(&self) -> impl Iterator<Item = (u32, SectionId, usize)> + '_ {
        let nodes = self.compartments.segment.iter().zip(&self.compartments.section).enumerate();
        nodes.filter_map(|(node, (segment, &section))| segment.map(|segment| (node as u32, section, segment)))
    }

    fn density_mechanisms(&self) -> Result<Vec<MechanismTemplate>, LayoutError> {
        let mut all = Vec::new();
        for (mechanism, manifest) in self.mechanisms.iter().enumerate() {
            let placed: Vec<(u32, &DensityMechanism, usize)> = self
                .membrane()
                .filter_map(|(node, section, segment)| {
                    let density = self.cell.section(section).mechanisms().get(&manifest.name)?;
                    Some((node, density, segment))
                })
                .collect();
            if placed.is_empty() {
                continue;
            }
            for (_, density, _) in &placed {
                if let Some(unknown) = density.values.keys().find(|name| manifest.column(name).is_none()) {
                    let (mechanism, parameter) = (manifest.name.clone(), unknown.clone());
                    return Err(LayoutError::NoParameter { mechanism, parameter });
                }
            }
            let mut columns = Vec::with_capacity(manifest.columns.len() * placed.len());
            for column in &manifest.columns {
                columns.extend(placed.iter().map(|(_, density, segment)| {
                    let set = density.values.get(&column.name).and_then(|values| values[*segment]);
                    set.unwrap_or(column.default)
                }));
            }
            let nodes: Vec<u32> = placed.iter().map(|&(node, ..)| node).collect();
            let diffuses = !manifest.diffusions.is_empty();
            let diffusion = diffuses.then(|| DiffusionTree::new(self.cell, self.compartments, &nodes));
            all.push(MechanismTemplate { mechanism, nodes, columns, diffusion });
        }
        Ok(all)
    }

    /// Ions of the mechanisms and point processes, with the style that these give them together.
    fn ions(&self, key: &TemplateKey) -> Result<Vec<IonTemplate>, LayoutError> {
        let mut styles: BTreeMap<(usize, u32), (IonStyle, SectionId, usize)> = BTreeMap::new();
        for (node, section, segment) in self.membrane() {
            let here = self.cell.section(section).mechanisms();
            let density = self.mechanisms.iter().filter(|manifest| here.contains_key(&manifest.name));
            let points = key.ions_of_points.iter().filter(|(of, _)| *of == section);
            for manifest in density.chain(points.map(|&(_, mechanism)| &self.mechanisms[mechanism])) {
                for ion in &manifest.ions {
                    let species = self.species.iter().position(|species| species.name == ion.name);
                    let species = species.unwrap_or_else(|| unreachable!("species cover all mechanisms"));
                    let entry = styles.entry((species, node)).or_insert((IonStyle::default(), section, segment));
                    entry.0.promote(&ion.read, &ion.write);
                }
            }
        }
        let mut ions: Vec<IonTemplate> = Vec::new();
        for ((species, node), (style, section, segment)) in styles {
            if ions.last().is_none_or(|ion| ion.species != species) {
                ions.push(IonTemplate { species, ..IonTemplate::default() });
            }
            let Some(ion) = ions.last_mut() else { unreachable!("just pushed") };
            let defaults = &self.species[species];
            let section = self.cell.section(section);
            let values = section.ions().get(&defaults.name);
            if values.is_some_and(|values| values.style.is_some()) {
                let section = section.name().to_string();
                return Err(LayoutError::IonStyleCall { ion: defaults.name.clone(), section });
            }
            let set = |column: Option<&Vec<Option<f64>>>, default| column.and_then(|c| c[segment]).unwrap_or(default);
            ion.nodes.push(node);
            ion.style.push(style);
            ion.erev.push(set(values.map(|v| &v.reversal), defaults.erev));
            ion.conci.push(set(values.map(|v| &v.inside), defaults.conci));
            ion.conco.push(set(values.map(|v| &v.outside), defaults.conco));
        }
        Ok(ions)
    }
}
