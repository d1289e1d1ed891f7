//! Membrane reports to probes, and to currents through membranes.

use super::Builder;
use super::membrane::Membrane;
use super::sites::{Sites, soma};
use super::units;
use crate::model::membrane::MembraneCurrents;
use crate::model::{Probe, Site};
use crate::placement::SectionType;
use crate::problem::{Problem, list};
use cell::{Cell, SectionId};
use codegen::ir::Kind;
use codegen::manifest::MechanismManifest;
use serde_json::Value;
use sonata::config::{MembraneReport, Report, Scaling};
use sonata::report::Mapping;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One dataset to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The file.
    pub file: PathBuf,
    /// The variable.
    pub variable: String,
    /// Its units: those that the configuration gives, else what the variable has.
    pub units: Option<String>,
    /// Nodes and elements, population by population.
    pub mappings: Vec<Mapping>,
    /// What the columns are.
    pub values: Values,
    /// If values are added up: for each of them the column that it goes into, and what it is multiplied by.
    pub sums: Option<Vec<(u32, f64)>>,
    /// The first step after which it is sampled.
    pub first: u64,
    /// Steps from one sample to the next.
    pub stride: u64,
    /// Count of samples.
    pub rows: usize,
    /// Start, end and interval, ms.
    pub time: [f64; 3],
}

/// The columns of a recording.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// The probe of each.
    Probes(Vec<usize>),
    /// Currents through membranes, cell by cell.
    Membranes(Vec<OfCell>),
}

/// Currents through the membrane of a cell; for each column the node and what its current (nA) is multiplied by.
pub type OfCell = (MembraneCurrents, Vec<(u32, f64)>);

/// The current through the membrane of a segment, nA.
const CURRENT: &str = "i_membrane_";
/// The same by area, mA/cm2, which in NEURON sections with `extracellular` have.
const CURRENT_DENSITY: &str = "i_membrane";

/// Potentials outside, as NEURON's `extracellular` names them, and the variables of what imposes them.
const OUTSIDE: [(&str, &str); 2] = [("e_extracellular", "e"), ("vext", "vext")];

impl Recording {
    /// What all recordings of a report have in common; variable and probes are still to come.
    pub(super) fn planned(report: &MembraneReport, mappings: Vec<Mapping>, dt: f64) -> Self {
        Self {
            file: report.file.clone(),
            variable: String::new(),
            units: report.units.clone(),
            mappings,
            values: Values::Probes(Vec::new()),
            sums: None,
            first: (report.start_time / dt).round() as u64,
            stride: ((report.dt / dt).round() as u64).max(1),
            rows: report.rows(),
            time: [report.start_time, report.end_time, report.dt],
        }
    }

    /// The row sampled after a step, if it is sampled then.
    pub fn row(&self, step: u64) -> Option<usize> {
        let since = step.checked_sub(self.first)?;
        let row = (since / self.stride) as usize;
        (since.is_multiple_of(self.stride) && row < self.rows).then_some(row)
    }
}

impl<'a> Builder<'a> {
    /// Plans all reports.
    pub(super) fn recordings(&mut self) {
        let mut files: Vec<(&str, MembraneReport)> = Vec::new();
        for (name, report) in &self.config.reports {
            let Report::Membrane(report) = report else {
                let module = match report {
                    Report::Extracellular(report) => {
                        self.extracellular(name, report);
                        continue;
                    }
                    Report::Synapses(_) => continue,
                    Report::Other { module, .. } => module.as_str(),
                    _ => "of this kind",
                };
                self.collector.push(
                    Problem::model(format!("report `{name}`: {module} is not supported"))
                        .at(format!("/reports/{name} of the configuration"))
                        .help("set \"enabled\": false in it to run without"),
                );
                continue;
            };
            match files.iter_mut().find(|(_, other)| other.file == report.file) {
                None => files.push((name, report.clone())),
                // BMTK merges reports into one file when all but the variables is the same.
                Some((_, other)) if same_elements(other, report) => {
                    other.variables.extend(report.variables.iter().cloned())
                }
                Some((other, _)) => self.collector.push(
                    Problem::model(format!("reports `{other}` and `{name}` differ and write the same file"))
                        .in_file(&report.file)
                        .help("give one of them another file_name"),
                ),
            }
        }
        for (name, report) in files {
            match &report.synapses {
                None => self.report(name, &report),
                Some(of) => self.synapse_report(name, &report, of),
            }
        }
    }

    /// For each cell the sections into which point processes bring ions, sorted.
    fn carried_ions(&self) -> HashMap<usize, Vec<CarriedIon<'a>>> {
        let mut carried: HashMap<usize, Vec<CarriedIon>> = HashMap::new();
        for point in &self.network.point_processes {
            let manifest = self.mechanisms.manifests.iter().find(|manifest| manifest.name == *point.mechanism);
            for ion in manifest.iter().flat_map(|manifest| &manifest.ions) {
                carried.entry(point.cell).or_default().push((point.section, &ion.name));
            }
        }
        for ions in carried.values_mut() {
            ions.sort_unstable();
            ions.dedup();
        }
        carried
    }

    fn report(&mut self, name: &str, report: &MembraneReport) {
        let place = format!("/reports/{name} of the configuration");
        // Of `vext`, which is an array in NEURON, there is one element here.
        let of_vext = report.variables == ["vext"] && report.transform.as_ref().is_some_and(takes_first);
        if report.transform.is_some() && !of_vext {
            self.collector.push(no_transform(name).at(&place));
        }
        let Some(selection) = self.select(&report.cells, name) else { return };
        if selection.cells.is_empty() {
            if !selection.unmade {
                tracing::warn!(place = %place, "report `{name}` is not written: its cells have none with a membrane");
            }
            return;
        }
        let carried = self.carried_ions();
        let mut known: HashMap<(usize, &[CarriedIon]), Vec<Element>> = HashMap::new();
        let mut mappings: Vec<Mapping> = Vec::new();
        let mut places: Vec<(usize, SectionId, f64)> = Vec::new();
        for &index in &selection.cells {
            let cell = &self.network.cells[index];
            let carried = carried.get(&index).map_or(&[][..], Vec::as_slice);
            let key = (Arc::as_ptr(&cell.cell) as usize, carried);
            let elements = match known.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(empty) => {
                    let found = elements_of(&cell.cell, &report.sections).map_err(|problem| problem.at(&place));
                    let mut found = self.collector.keep(found).unwrap_or_default();
                    if report.center {
                        found.retain(|element| is_middle(element, &cell.cell));
                    }
                    for variable in &report.variables {
                        let checked = check_variable(variable, &cell.cell, &found, carried, &self.mechanisms.manifests);
                        self.collector.keep(checked.map_err(|problem| problem.at(&place)));
                    }
                    empty.insert(found)
                }
            };
            places.extend(elements.iter().map(|element| (index, element.section, element.x)));
            if mappings.last().is_none_or(|mapping| *mapping.population != *cell.population) {
                mappings.push(Mapping::new(&cell.population));
            }
            if let Some(mapping) = mappings.last_mut() {
                match report.sum {
                    None => mapping.push(cell.node_id, elements.iter().map(|element| (element.id, element.x))),
                    Some(_) => {
                        mapping.push(cell.node_id, elements.iter().take(1).map(|element| (element.id, element.x)))
                    }
                }
            }
        }
        if places.is_empty() {
            tracing::warn!(
                place = %place,
                "report `{name}` has no values: no cell has sections of the type {}",
                list(&report.sections)
            );
        }
        let first = self.recordings.len();
        let sites: Vec<Site> = places.iter().map(|&(cell, section, x)| Site::Segment { cell, section, x }).collect();
        let recorded = self.record(name, report, mappings, &sites).map_err(|problem| problem.at(&place));
        self.collector.keep(recorded);
        if let Some(scaling) = report.sum {
            let sums = self.sums(&report.variables[0], scaling, &places).map_err(|problem| problem.at(&place));
            let sums = self.collector.keep(sums);
            self.recordings[first..].iter_mut().for_each(|recording| recording.sums.clone_from(&sums));
        }
    }

    /// The column of the cell of each place, and what its value is multiplied by.
    fn sums(
        &self,
        variable: &str,
        scaling: Scaling,
        places: &[(usize, SectionId, f64)],
    ) -> Result<Vec<(u32, f64)>, Problem> {
        // By area, mA/cm2, are all currents but that of a whole segment.
        let by_area = scaling == Scaling::Area && variable.starts_with('i') && variable != CURRENT;
        let mut membranes: HashMap<usize, Membrane> = HashMap::new();
        let mut sums: Vec<(u32, f64)> = Vec::with_capacity(places.len());
        let mut last = None;
        let mut column = 0;
        for &(cell, section, x) in places {
            column += u32::from(last.is_some_and(|last| last != cell));
            last = Some(cell);
            let kind = &self.network.cells[cell].cell;
            let membrane = match membranes.entry(Arc::as_ptr(kind) as usize) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(empty) => empty.insert(Membrane::of(kind)?),
            };
            let area = membrane.node(section, x).map_or(0.0, |node| membrane.area(node));
            // mA/cm2 um2 to nA
            sums.push((column, if by_area { area / 100.0 } else { 1.0 }));
        }
        Ok(sums)
    }

    /// Plans the files of a report: one for each variable at these places.
    ///
    /// # Errors
    /// When currents through membranes are asked for that cannot be known.
    pub(super) fn record(
        &mut self,
        name: &str,
        report: &MembraneReport,
        mappings: Vec<Mapping>,
        sites: &[Site],
    ) -> Result<(), Problem> {
        let place = format!("/reports/{name} of the configuration");
        let base = Recording::planned(report, mappings, self.config.run.dt);
        let mut variables = report.variables.clone();
        variables.dedup();
        for variable in &variables {
            let values = self.values(variable, sites)?;
            let file =
                if variables.len() == 1 { report.file.clone() } else { file_of_variable(&report.file, variable) };
            let of_variable = || units::of(variable, sites.first(), &self.mechanisms.manifests);
            let units = base.units.clone().or_else(|| Some(of_variable()));
            self.recordings.push(Recording { file, variable: variable.clone(), units, values, ..base.clone() });
        }
        if let [.., last] = self.recordings.as_slice()
            && variables.len() > 1
        {
            let both = Recording { file: report.file.clone(), ..last.clone() };
            let files: Vec<String> =
                variables.iter().map(|variable| name_of(&file_of_variable(&report.file, variable))).collect();
            tracing::warn!(
                place = %place,
                help = "ask for one variable in each report",
                "report `{name}` has several variables for one file; as in BMTK, {} holds the last one, `{}`; each of them is in {}",
                name_of(&report.file),
                both.variable,
                list(&files)
            );
            self.recordings.push(both);
        }
        Ok(())
    }

    /// The values of a variable at some places.
    fn values(&mut self, variable: &str, sites: &[Site]) -> Result<Values, Problem> {
        if [CURRENT, CURRENT_DENSITY].contains(&variable) {
            return self.currents(variable == CURRENT_DENSITY, sites).map(Values::Membranes);
        }
        if let Some((_, of_stimulus)) = OUTSIDE.iter().find(|(name, _)| *name == variable) {
            return self.outside(of_stimulus, sites).map(Values::Probes);
        }
        let first = self.network.probes.len();
        let shared: Arc<str> = variable.into();
        self.network.probes.extend(sites.iter().map(|&site| Probe { site, variable: shared.clone() }));
        Ok(Values::Probes((first..self.network.probes.len()).collect()))
    }

    /// Potentials outside some places, as `variable` of what imposes them.
    fn outside(&mut self, variable: &str, sites: &[Site]) -> Result<Vec<usize>, Problem> {
        let variable: Arc<str> = variable.into();
        let mut probes = Vec::with_capacity(sites.len());
        for site in sites {
            let Site::Segment { cell, section, x } = *site else { continue };
            let segment = self.network.cells[cell].cell.section(section).segment_index(x).ok();
            let nseg = self.network.cells[cell].cell.section(section).nseg();
            let segment = segment.map(|segment| match self.network.cells[cell].cell.section(section).is_reversed() {
                true => nseg - 1 - segment,
                false => segment,
            });
            let found = segment.and_then(|segment| self.stimulated.get(&(cell, section, segment)));
            let Some(&point) = found else {
                let text = "potentials outside cells are asked for where no input imposes any";
                return Err(Problem::model(text).help("leave out this report"));
            };
            probes.push(self.network.probes.len());
            self.network.probes.push(Probe { site: Site::Point(point), variable: variable.clone() });
        }
        Ok(probes)
    }

    /// Currents through the membrane at some places, in the order of cells.
    fn currents(&mut self, density: bool, sites: &[Site]) -> Result<Vec<OfCell>, Problem> {
        let places = sites.iter().filter_map(|site| match site {
            Site::Segment { cell, section, x } => Some((*cell, *section, *x)),
            Site::Point(_) => None,
        });
        let mut cells: Vec<(usize, Vec<(SectionId, f64)>)> = Vec::new();
        for (cell, section, x) in places {
            match cells.last_mut() {
                Some((last, places)) if *last == cell => places.push((section, x)),
                _ => cells.push((cell, vec![(section, x)])),
            }
        }
        let indices: Vec<usize> = cells.iter().map(|(cell, _)| *cell).collect();
        let membranes = self.membranes(&indices)?;
        let column = |membrane: &Membrane, &(section, x): &(SectionId, f64)| {
            let node = membrane.node(section, x)?;
            // nA/um2 to mA/cm2
            Some((node as u32, if density { 100.0 / membrane.area(node) } else { 1.0 }))
        };
        let columns = cells.iter().zip(membranes).map(|((_, places), (membrane, currents))| {
            (currents, places.iter().filter_map(|place| column(&membrane, place)).collect())
        });
        Ok(columns.collect())
    }
}

/// An ion that point processes bring into a section.
type CarriedIon<'a> = (SectionId, &'a str);

/// Something recorded of a cell.
#[derive(Clone, Copy, Debug)]
struct Element {
    /// SONATA's section id.
    id: u64,
    section: SectionId,
    x: f64,
}

/// The middle of the soma for `soma`, else all segments of some types of sections.
fn elements_of(cell: &Cell, sections: &[String]) -> Result<Vec<Element>, Problem> {
    if let [only] = sections
        && only == "soma"
    {
        return Ok(vec![Element { id: 0, section: soma(cell)?, x: 0.5 }]);
    }
    let all = sections.is_empty() || sections.iter().any(|name| name == "all");
    let kinds: Vec<SectionType> = sections.iter().filter_map(|name| SectionType::named(name)).collect();
    let sites = Sites::new(cell)?;
    let wanted = |kind: Option<SectionType>| all || kind.is_some_and(|kind| kinds.contains(&kind));
    let segments = sites.segments.iter().filter(|segment| wanted(segment.kind));
    Ok(segments
        .map(|segment| Element { id: segment.section as u64, section: sites.sections[segment.section], x: segment.x })
        .collect())
}

/// Whether it is the segment in the middle of its section.
fn is_middle(element: &Element, cell: &Cell) -> bool {
    let nseg = cell.section(element.section).nseg() as f64;
    (element.x * nseg).floor() == (0.5 * nseg).floor()
}

/// Whether a variable is to be had at all elements. `carried` are the ions that point processes bring into sections.
fn check_variable(
    variable: &str,
    cell: &Cell,
    elements: &[Element],
    carried: &[CarriedIon],
    mechanisms: &[MechanismManifest],
) -> Result<(), Problem> {
    let mut names: Vec<String> = Vec::new();
    for element in elements {
        let section = cell.section(element.section);
        names.clear();
        names.extend(
            ["v", CURRENT, CURRENT_DENSITY].into_iter().chain(OUTSIDE.map(|(name, _)| name)).map(str::to_owned),
        );
        let of_points = carried.iter().filter(|(section, _)| *section == element.section).map(|(_, ion)| *ion);
        let ions: BTreeSet<&str> = section.ions().keys().map(String::as_str).chain(of_points).collect();
        for ion in ions {
            names.extend([format!("{ion}i"), format!("{ion}o"), format!("e{ion}"), format!("i{ion}")]);
        }
        let inserted = mechanisms
            .iter()
            .filter(|mechanism| mechanism.kind == Kind::Density && section.mechanisms().contains_key(&mechanism.name));
        for mechanism in inserted {
            let range = mechanism.columns.iter().filter(|column| column.range);
            names.extend(range.map(|column| format!("{}_{}", column.name, mechanism.name)));
        }
        if names.iter().any(|name| name == variable) {
            continue;
        }
        let problem = Problem::model(format!("there is no variable `{variable}` in section {}", section.name()));
        return Err(match sonata::suggest::nearest(variable, names.iter().map(String::as_str)) {
            Some(nearest) => problem.help(format!("did you mean `{nearest}`?")),
            None => problem.help(format!("there are: {}", list(&names))),
        });
    }
    Ok(())
}

/// A transform that is not known.
pub(super) fn no_transform(report: &str) -> Problem {
    let text =
        format!("report `{report}`: a transform is a function of Python; only first_element, of vext, is known here");
    Problem::model(text).help("leave it out, and change the values when the report is read")
}

/// Whether a transform only takes the first element of an array.
fn takes_first(transform: &Value) -> bool {
    let name = transform.as_str().or_else(|| transform.as_object()?.values().next()?.as_str());
    name == Some("first_element")
}

fn same_elements(a: &MembraneReport, b: &MembraneReport) -> bool {
    a.cells == b.cells
        && a.synapses == b.synapses
        && a.sections == b.sections
        && (a.center, a.sum) == (b.center, b.sum)
        && [a.dt, a.start_time, a.end_time] == [b.dt, b.start_time, b.end_time]
}

/// `folder/name_variable.h5` for `folder/name.h5`.
fn file_of_variable(file: &Path, variable: &str) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let extension = file.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    file.with_file_name(format!("{stem}_{variable}{extension}"))
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sampled_at_multiples() {
        let recording = Recording {
            file: PathBuf::new(),
            variable: "v".into(),
            units: None,
            mappings: Vec::new(),
            values: Values::Probes(Vec::new()),
            sums: None,
            first: 10,
            stride: 5,
            rows: 2,
            time: [1.0, 2.0, 0.5],
        };
        let rows: Vec<_> = (0..30).filter_map(|step| recording.row(step).map(|row| (step, row))).collect();
        assert_eq!(rows, [(10, 0), (15, 1)]);
    }

    #[test]
    fn each_variable_has_a_file() {
        assert_eq!(file_of_variable(Path::new("out/cell_vars.h5"), "cai"), Path::new("out/cell_vars_cai.h5"));
    }
}
