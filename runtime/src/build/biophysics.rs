//! Cells from a morphology and a parameter file: BMTK's `ctdb:Biophys1` and `nml:`, and its forms of `model_processing`.
//!
//! `ctdb:` gives the morphology alone; what is inserted comes from a form of processing:
//!
//! - `aibs_perisomatic` replaces the axon, gives every section the passive properties and each kind of section its
//!   mechanisms. It does nothing where the node has no `dynamics_params`.
//! - `aibs_allactive` takes most values from the list of mechanisms; `aibs_allactive_fullaxon` keeps the axon.
//! - `aibs_perisomatic_directed` and `aibs_allactive_directed` lay the new axon out in the direction of the old one.
//! - `extracellular` prepares for fields outside; without one it changes nothing.
//!
//! `nml:` always replaces the axon as `aibs_perisomatic` does, and then applies the properties of the NeuroML file.

use super::Builder;
use super::cells::{Recipe, in_folder};
use super::missing::Needs;
use crate::problem::{Problem, list};
use cell::{AxonStub, Catalogue, Cell, Names, SectionId};
use sonata::fit::Fit;
use sonata::neuroml::{Biophysics, Property};
use std::path::{Path, PathBuf};

/// Forms of processing that there are.
const PROCESSING: [&str; 8] = [
    "aibs_perisomatic",
    "aibs_perisomatic_directed",
    "aibs_allactive",
    "aibs_allactive_directed",
    "aibs_allactive_fullaxon",
    "fullaxon",
    "extracellular",
    "set_extracellular",
];

/// A template that is made from a morphology.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Template<'a> {
    /// `ctdb:Biophys1`.
    Biophys1,
    /// `nml:FILE`.
    NeuroMl(&'a str),
}

impl<'a> Template<'a> {
    /// The template of a name; `None` if it is of another kind.
    pub fn named(template: &'a str) -> Option<Self> {
        match template {
            "ctdb:Biophys1" | "ctdb:Biophys1.hoc" => Some(Self::Biophys1),
            _ => template.strip_prefix("nml:").map(Self::NeuroMl),
        }
    }
}

/// A cell being given its mechanisms.
struct Making<'a> {
    cell: Cell,
    catalogue: &'a Catalogue,
    names: Names,
    /// Mechanisms that were wanted and are not there.
    missing: Vec<String>,
}

impl Builder<'_> {
    /// Makes the cell of a recipe; nothing when mechanisms are missing, which are told together.
    pub(super) fn biophysical(
        &mut self,
        template: Template<'_>,
        recipe: &Recipe,
        catalogue: &Catalogue,
        who: &str,
    ) -> Result<Option<Cell>, Problem> {
        let components = &self.config.components;
        let models = components.biophysical_neuron_models_dir.as_deref();
        let cell = self.morphology(recipe)?;
        let mut making = Making { cell, catalogue, names: catalogue.names(), missing: Vec::new() };
        let mut source = None;
        if let Template::NeuroMl(file) = template {
            let path = existing(models, file, "the NeuroML file of a cell", "model_template")?;
            making.replace_axon(AxonStub::Perisomatic)?;
            making.neuroml(&Biophysics::read(&path)?).map_err(|problem| problem.in_file(&path))?;
            source = Some(path);
        }
        let parameters = match &recipe.parameters {
            None => None,
            Some(file) => {
                let path = existing(models, file, "the parameter file of a cell", "dynamics_params")?;
                Some((Fit::read(&path)?, path))
            }
        };
        for step in recipe.processing.iter().flat_map(|steps| steps.split(',')).map(str::trim) {
            let fit = || {
                parameters.as_ref().ok_or_else(|| {
                    Problem::model(format!("model_processing `{step}` needs parameters, and the node has none"))
                        .help("name their file as dynamics_params")
                })
            };
            match step {
                "aibs_perisomatic" => {
                    let Some((fit, path)) = &parameters else { continue };
                    making.replace_axon(AxonStub::Perisomatic)?;
                    making.perisomatic(fit).map_err(|problem| problem.in_file(path))?;
                }
                "aibs_perisomatic_directed" => {
                    let (fit, path) = fit()?;
                    making.replace_axon(AxonStub::PerisomaticDirected)?;
                    making.perisomatic(fit).map_err(|problem| problem.in_file(path))?;
                }
                "aibs_allactive" | "aibs_allactive_directed" | "aibs_allactive_fullaxon" => {
                    let (fit, path) = fit()?;
                    match step {
                        "aibs_allactive" => making.replace_axon(AxonStub::AllActive)?,
                        "aibs_allactive_directed" => making.replace_axon(AxonStub::AllActiveDirected)?,
                        _ => {}
                    }
                    making.all_active(fit).map_err(|problem| problem.in_file(path))?;
                }
                // The axon stays as it is; a field outside is imposed by what makes one.
                "fullaxon" | "extracellular" | "set_extracellular" => {}
                _ => {
                    return Err(Problem::model(format!("model_processing `{step}` is not supported"))
                        .help(format!("supported are: {}", list(&PROCESSING))));
                }
            }
            source = parameters.as_ref().map(|(_, path)| path.clone()).or(source);
        }
        if making.missing.is_empty() {
            return Ok(Some(making.cell));
        }
        let file = source.map_or_else(String::new, |path| format!("{} of ", path.display()));
        for mechanism in &making.missing {
            self.missing.add(mechanism, Needs::Density, format!("{file}{who}"));
        }
        Ok(None)
    }

    fn morphology(&self, recipe: &Recipe) -> Result<Cell, Problem> {
        let path = self.morphology_file(recipe).ok_or_else(|| {
            Problem::model("the node has no morphology, which its model_template needs").help("name an SWC file")
        })?;
        if !path.is_file() {
            return Err(Problem::model("the morphology of a cell does not exist")
                .in_file(&path)
                .help("correct morphology of the node type, or components.morphologies_dir"));
        }
        let text = std::fs::read(&path).map_err(|error| Problem::io("read", &path, &error))?;
        // Comments may be in any encoding.
        Cell::from_swc(&String::from_utf8_lossy(&text)).map_err(|error| {
            let place = if error.line == 0 { String::new() } else { format!(":{}", error.line) };
            Problem::model(error.message).at(format!("{}{place}", path.display()))
        })
    }

    /// The file of a node's morphology, if it has one: `.swc` may be left out.
    pub(super) fn morphology_file(&self, recipe: &Recipe) -> Option<PathBuf> {
        let path = in_folder(self.config.components.morphologies_dir.as_deref(), recipe.morphology.as_ref()?);
        let with_extension = PathBuf::from(format!("{}.swc", path.display()));
        Some(if !path.exists() && with_extension.exists() { with_extension } else { path })
    }
}

impl Making<'_> {
    fn replace_axon(&mut self, stub: AxonStub) -> Result<(), Problem> {
        self.cell.replace_axon(stub).map_err(|error| Problem::model(error.to_string()))
    }

    /// Sections whose names begin with `soma`, `axon`, `dend` or `apic`.
    fn sections(&self, kind: &str) -> Vec<SectionId> {
        self.cell.all().into_iter().filter(|&id| kind_of(&self.cell, id) == kind).collect()
    }

    /// Inserts a mechanism. `false` if there is none of the name.
    fn insert(&mut self, section: SectionId, mechanism: &str) -> bool {
        let Some(info) = self.catalogue.density.get(mechanism) else {
            if !self.missing.iter().any(|known| known == mechanism) {
                self.missing.push(mechanism.to_owned());
            }
            return false;
        };
        self.cell.section_mut(section).insert(mechanism, &info.ions);
        true
    }

    fn set(&mut self, section: SectionId, name: &str, value: f64) -> Result<(), Problem> {
        let set = self.names.set(self.cell.section_mut(section), name, value);
        match set {
            Ok(()) => Ok(()),
            // Follows from a missing mechanism, which is told.
            Err(_) if !self.missing.is_empty() => Ok(()),
            Err(error) => {
                let problem = Problem::model(error.to_string());
                Err(match error {
                    cell::AssignError::Unknown { nearest: Some(nearest), .. } => {
                        problem.help(format!("did you mean `{nearest}`?"))
                    }
                    _ => problem,
                })
            }
        }
    }

    /// The genes of a fit: mechanisms and parameters by kind of section.
    fn genes(&mut self, fit: &Fit) -> Result<(), Problem> {
        for gene in &fit.genome {
            if gene.section == "glob" {
                tracing::warn!("a parameter of the section `glob` is left out, as in BMTK: {}", gene.name);
                continue;
            }
            for section in self.sections(&gene.section) {
                if gene.mechanism.is_empty() || self.insert(section, &gene.mechanism) {
                    self.set(section, &gene.name, gene.value)?;
                }
            }
        }
        Ok(())
    }

    fn perisomatic(&mut self, fit: &Fit) -> Result<(), Problem> {
        let none =
            |what: &str| Problem::model(format!("there is no `{what}` in `passive`, which aibs_perisomatic needs"));
        let passive = fit.passive.first().ok_or_else(|| none("ra"))?;
        let ra = passive.ra.ok_or_else(|| none("ra"))?;
        let e_pas = passive.e_pas.ok_or_else(|| none("e_pas"))?;
        let capacitances = passive.cm.as_ref().ok_or_else(|| none("cm"))?;
        for section in self.cell.all() {
            let kind = kind_of(&self.cell, section);
            // The last entry counts, as in a dictionary.
            let capacitance = capacitances.iter().rev().find(|entry| entry.section == kind).ok_or_else(|| {
                Problem::model(format!("`cm` has no entry for `{kind}`, and the cell has such sections"))
            })?;
            self.set(section, "Ra", ra)?;
            self.set(section, "cm", capacitance.cm)?;
            self.insert(section, "pas");
            self.set(section, "e_pas", e_pas)?;
        }
        self.genes(fit)?;
        for reversal in fit.conditions.first().iter().flat_map(|conditions| &conditions.erev) {
            for section in self.sections(&reversal.section) {
                self.set(section, "ena", reversal.ena)?;
                self.set(section, "ek", reversal.ek)?;
            }
        }
        Ok(())
    }

    fn all_active(&mut self, fit: &Fit) -> Result<(), Problem> {
        let passive = fit.passive.first().cloned().unwrap_or_default();
        for section in self.cell.all() {
            self.insert(section, "pas");
            if let Some(e_pas) = passive.e_pas {
                self.set(section, "e_pas", e_pas)?;
            }
            if let Some(ra) = passive.ra {
                self.set(section, "Ra", ra)?;
            }
        }
        for capacitance in passive.cm.iter().flatten() {
            for section in self.sections(&capacitance.section) {
                self.set(section, "cm", capacitance.cm)?;
            }
        }
        self.genes(fit)?;
        for reversal in fit.conditions.first().iter().flat_map(|conditions| &conditions.erev) {
            for section in self.sections(&reversal.section) {
                for (ion, name, value) in [("k", "ek", reversal.ek), ("na", "ena", reversal.ena)] {
                    if self.cell.section(section).ions().contains_key(ion) {
                        self.set(section, name, value)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn neuroml(&mut self, biophysics: &Biophysics) -> Result<(), Problem> {
        for section in self.cell.all() {
            let kind = kind_of(&self.cell, section);
            for property in biophysics.of(&kind) {
                self.property(section, property)?;
            }
        }
        Ok(())
    }

    fn property(&mut self, section: SectionId, property: &Property) -> Result<(), Problem> {
        match property {
            Property::Resistivity(value) => self.set(section, "Ra", *value),
            Property::Capacitance(value) => self.set(section, "cm", *value),
            Property::Channel { mechanism, density, reversal, .. } if mechanism == "pas" => {
                self.insert(section, "pas");
                self.set(section, "g_pas", *density)?;
                let reversal = reversal.ok_or_else(|| Problem::model("the channel `pas` has no erev"))?;
                self.set(section, "e_pas", reversal)
            }
            Property::Channel { mechanism, parameter, density, ion, reversal } => {
                if !self.insert(section, mechanism) {
                    return Ok(());
                }
                self.set(section, parameter, *density)?;
                let name = match ion.as_str() {
                    "na" => "ena",
                    "k" => "ek",
                    _ => return Ok(()),
                };
                let reversal = reversal.ok_or_else(|| {
                    Problem::model(format!("the channel `{mechanism}` lets {ion} through and has no erev"))
                })?;
                self.set(section, name, reversal)
            }
            Property::Concentration { mechanism, suffix, gamma, decay } => {
                if !self.insert(section, mechanism) {
                    return Ok(());
                }
                self.set(section, &format!("gamma_{suffix}"), *gamma)?;
                self.set(section, &format!("decay_{suffix}"), *decay)
            }
        }
    }
}

/// The first four letters of a section's name, which say what it is.
fn kind_of(cell: &Cell, section: SectionId) -> String {
    cell.section(section).name().base.chars().take(4).collect()
}

fn existing(folder: Option<&Path>, file: &str, what: &str, key: &str) -> Result<PathBuf, Problem> {
    let path = in_folder(folder, file);
    if path.is_file() {
        return Ok(path);
    }
    Err(Problem::model(format!("{what} does not exist"))
        .in_file(&path)
        .help(format!("correct {key} of the node type, or components.biophysical_neuron_models_dir")))
}
