//! Edges to point processes and NetCons.
//!
//! The order is BMTK's, since it decides the random numbers of placement and the round-off of sums:
//! target cells in node order, for each its edges in the order of the file's index.

use super::gap::{self, Gaps};
use super::missing::{Missing, Needs};
use super::populations::{Node, Population, Populations};
use super::sites::Sites;
use super::synapses::{self, SynapseModel};
use super::weights;
use crate::model::{Instance, NetCon, Network, PointProcess, Source};
use crate::placement::SectionType;
use crate::problem::{Collector, Problem, count, list};
use cell::SectionId;
use codegen::manifest::MechanismManifest;
use sonata::dynamics::DynamicsParams;
use sonata::edges::EdgePopulation;
use sonata::gap_junctions::GapJunctions;
use sonata::numpy::RandomState;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Problems of single edges that are told; beyond it only their number is.
const MOST_PROBLEMS: usize = 5;

/// What edges become synapses with.
pub struct Wiring<'a> {
    /// The network, to which synapses are added.
    pub network: &'a mut Network,
    /// Compiled mechanisms.
    pub mechanisms: &'a [MechanismManifest],
    /// Folder of the synapses' parameter files.
    pub synaptic_models: Option<&'a Path>,
    /// Places on each kind of cell, by the address of the kind.
    pub sites: &'a mut HashMap<usize, Sites>,
    /// What was found wrong.
    pub collector: &'a mut Collector,
    /// Mechanisms that were not found.
    pub missing: &'a mut Missing,
    /// Generators for placement on each target cell; a cell keeps its own for all its edges.
    pub random: HashMap<u32, RandomState>,
    models: HashMap<(String, Option<String>), Option<SynapseModel>>,
    /// Where each NetCon comes from, if it is to be saved.
    pub origins: Option<Vec<Origin>>,
    /// The gap junctions that the configuration's files list.
    pub gap_junctions: Vec<GapJunctions>,
}

/// The edge that a NetCon was made from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Populations of source and target.
    pub populations: [Arc<str>; 2],
    /// Node ids of both.
    pub nodes: [u64; 2],
    /// The id of its type; 0 without types.
    pub edge_type: u64,
}

/// Attributes that edges of a type share, unless their group has them.
const SHARED: [&str; 6] =
    ["model_template", "dynamics_params", "target_sections", "distance_range", "weight_function", "is_gap_junction"];

/// What edges are, by type and group; `None` for those that were found wrong.
type Kinds = HashMap<(Option<usize>, usize), Option<Arc<Kind>>>;

/// Columns of an edge population, one value an edge; NaN or [`NONE`] where an edge has none.
pub(super) struct Columns {
    weight: Vec<f64>,
    delay: Vec<f64>,
    section: Vec<i64>,
    x: Vec<f64>,
    synapses: Vec<i64>,
}

/// Stands for "no value" in integer columns.
const NONE: i64 = i64::MIN;

/// What edges of one type and group have in common.
pub(super) struct Kind {
    /// `None` for gap junctions.
    model: Option<SynapseModel>,
    targets: Option<Vec<SectionType>>,
    range: [f64; 2],
}

impl<'a> Wiring<'a> {
    /// Nothing wired yet.
    pub fn new(
        network: &'a mut Network,
        mechanisms: &'a [MechanismManifest],
        synaptic_models: Option<&'a Path>,
        sites: &'a mut HashMap<usize, Sites>,
        collector: &'a mut Collector,
        missing: &'a mut Missing,
    ) -> Self {
        let (random, models) = (HashMap::new(), HashMap::new());
        let (origins, gap_junctions) = (None, Vec::new());
        Self { network, mechanisms, synaptic_models, sites, collector, missing, random, models, origins, gap_junctions }
    }

    /// Adds the synapses of an edge population; `source` tells where a source node's spikes come from, for a target
    /// node: both are ids. `None` for edges that are not to be made now.
    pub fn connect(
        &mut self,
        edges: &EdgePopulation,
        file: &Path,
        populations: &Populations,
        mut source: impl FnMut(&mut Network, Population<'_>, u64, u64) -> Option<Source>,
    ) -> Result<(), Problem> {
        let place = format!("{}: /edges/{}", file.display(), edges.name());
        let from = populations.named(edges.source_population()).map_err(|problem| problem.at(&place))?;
        let to = populations.named(edges.target_population()).map_err(|problem| problem.at(&place))?;
        let order = edges.by_target(to.nodes.ids())?;
        let mut columns = Columns::read(edges)?;
        weights::apply(&mut columns.weight, edges, from, to).map_err(|problem| problem.at(&place))?;
        let mut problems = Told { place, told: 0, more: 0 };
        let mut kinds = Kinds::new();
        let mut unplaced = 0usize;
        let mut gaps = Gaps::default();
        let names = [from.nodes.name(), to.nodes.name()].map(Arc::<str>::from);
        for (row, &kind) in to.members.kinds.iter().enumerate() {
            if kind == Node::Virtual {
                if let Some(&edge) = order.edges(row).first() {
                    problems.tell(
                        self.collector,
                        edge,
                        Problem::model("its target is a virtual node, which has no synapses"),
                    );
                }
                continue;
            }
            let gid = to.members.gid_offset + to.nodes.ids()[row];
            for &edge in order.edges(row) {
                let source_id = edges.sources()[edge as usize];
                if from.node(source_id).is_none() {
                    let text =
                        format!("its source is node {source_id}, which is not in population {}", from.nodes.name());
                    problems.tell(self.collector, edge, Problem::model(text));
                    continue;
                }
                let target_id = to.nodes.ids()[row];
                let Some(source) = source(self.network, from, source_id, target_id) else { continue };
                if self.origins.is_some() {
                    let edge_type = edges.attributes().type_id(edge as usize).unwrap_or(0) as u64;
                    self.origin(Origin { populations: names.clone(), nodes: [source_id, target_id], edge_type });
                }
                let cell = match kind {
                    Node::Cell(cell) => cell,
                    Node::Unmade => {
                        self.kind(edges, edge as usize, &mut kinds);
                        continue;
                    }
                    Node::Artificial(cell) => {
                        if let Err(problem) = self.direct(edges, edge as usize, &columns, cell, source) {
                            problems.tell(self.collector, edge, problem);
                        }
                        continue;
                    }
                    Node::Virtual => continue,
                };
                let Some(kind) = self.kind(edges, edge as usize, &mut kinds) else { continue };
                let made = match &kind.model {
                    Some(model) => self.edge(model, &kind, edge as usize, &columns, (cell, gid), source),
                    None => self.gap_at_target(&mut gaps, edges, &kind, edge as usize, &columns, (cell, gid)),
                };
                match made {
                    Ok(placed) => unplaced += usize::from(!placed),
                    Err(problem) => problems.tell(self.collector, edge, problem),
                }
            }
        }
        let tell = |wiring: &mut Self, edge, problem| problems.tell(wiring.collector, edge, problem);
        self.gaps_at_sources(&gaps, edges, &columns, from, tell)?;
        problems.finish(self.collector);
        if gaps.several > 0 {
            tracing::warn!(
                place = %problems.place,
                "{} of gap junctions have nsyns above 1; as in BMTK each makes one gap junction",
                count(gaps.several, "edge")
            );
        }
        if unplaced > 0 {
            tracing::warn!(
                place = %problems.place,
                help = "check target_sections and distance_range of the edge types",
                "no place was found for the synapses of {}; as in BMTK they are left out",
                count(unplaced, "edge")
            );
        }
        Ok(())
    }

    /// NetCons since the last edge came from that one; those to come, from this one.
    fn origin(&mut self, next: Origin) {
        let made = self.network.netcons.len();
        if let Some(origins) = &mut self.origins {
            if let Some(last) = origins.pop() {
                origins.resize(made, last);
            }
            origins.push(next);
        }
    }

    /// Where each NetCon comes from, if that was to be kept.
    pub fn take_origins(&mut self) -> Option<Vec<Origin>> {
        let mut origins = self.origins.take()?;
        if let Some(last) = origins.pop() {
            origins.resize(self.network.netcons.len(), last);
        }
        Some(origins)
    }

    /// Adds the NetCon of an edge onto an artificial cell. As in BMTK: its weight is the edge's; where edges have a number
    /// of synapses instead of places, it is multiplied by that and by `sign` of the parameter file.
    fn direct(
        &mut self,
        edges: &EdgePopulation,
        row: usize,
        columns: &Columns,
        cell: u32,
        source: Source,
    ) -> Result<(), Problem> {
        if gap::is_gap(edges.attributes(), row)? {
            return Err(Problem::model("it is a gap junction, and its target is no cell with a membrane"));
        }
        let (mut weight, delay) = columns.weight_and_delay(row)?;
        let number = columns.synapses[row];
        if columns.section[row] == NONE && number != NONE {
            let attributes = edges.attributes();
            let file = attributes.opt_text(row, "dynamics_params")?.ok_or_else(|| {
                Problem::model("it has nsyns but no dynamics_params, whose `sign` says whether it excites")
                    .help("give dynamics_params with \"sign\": 1 or -1, or leave nsyns out")
            })?;
            let sign = DynamicsParams::read(&self.parameter_file(file)?)?.f64("sign")?;
            weight *= sign * number as f64;
        }
        let target = Instance::Artificial(cell as usize);
        self.network.netcons.push(NetCon { source, target, weight, delay });
        Ok(())
    }

    /// Adds the synapses of one edge; tells whether there was a place for them.
    fn edge(
        &mut self,
        model: &SynapseModel,
        kind: &Kind,
        row: usize,
        columns: &Columns,
        (cell, gid): (u32, u64),
        source: Source,
    ) -> Result<bool, Problem> {
        let (weight, delay) = columns.weight_and_delay(row)?;
        let places = self.places(kind, row, columns, cell, gid)?;
        for (section, x) in &places {
            self.network.point_processes.push(PointProcess {
                cell: cell as usize,
                section: *section,
                x: *x,
                mechanism: model.mechanism.clone(),
                parameters: model.parameters.clone(),
            });
            let target = self.network.point_processes.len() - 1;
            self.network.netcons.push(NetCon { source, target: Instance::Point(target), weight, delay });
        }
        Ok(!places.is_empty() || columns.synapses[row] == 0)
    }

    /// Where the synapses of an edge, or the gap junction, go; nowhere if no segment fits.
    pub(super) fn places(
        &mut self,
        kind: &Kind,
        row: usize,
        columns: &Columns,
        cell: u32,
        gid: u64,
    ) -> Result<Vec<(SectionId, f64)>, Problem> {
        let target = &self.network.cells[cell as usize].cell;
        let key = Arc::as_ptr(target) as usize;
        let sites = match self.sites.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(empty) => empty.insert(Sites::new(target)?),
        };
        if let Some((section, x)) = columns.place(row, sites.sections.len())? {
            return Ok(vec![(sites.sections[section], x)]);
        }
        let number = columns.synapses[row];
        if number == NONE {
            return Err(Problem::model("it has neither a place nor a number of synapses")
                .help("give afferent_section_id and afferent_section_pos, or nsyns, in the edges or their types"));
        }
        let number = usize::try_from(number).map_err(|_| Problem::model(format!("its nsyns is {number}")))?;
        let number = if kind.model.is_none() { number.min(1) } else { number };
        let targets = kind.targets.as_deref().ok_or_else(|| {
            Problem::model("it has no target_sections, which random placement needs")
                .help("add target_sections to the edge type, such as ['somatic', 'basal'], or give each edge a place")
        })?;
        let candidates = sites.candidates(targets, kind.range);
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let random = self.random.entry(cell).or_insert_with(|| RandomState::new(gid as u32));
        let drawn = (0..number).filter_map(|_| candidates.draw(random.random_sample()));
        let segments = drawn.map(|index| sites.segments[index]);
        Ok(segments.map(|segment| (sites.sections[segment.section], segment.x)).collect())
    }

    /// What an edge is by its type and group; `None` when that is wrong, which is told once.
    fn kind(&mut self, edges: &EdgePopulation, row: usize, kinds: &mut Kinds) -> Option<Arc<Kind>> {
        let attributes = edges.attributes();
        let type_row = attributes.type_row(row);
        let group = attributes.group(row).map(|(group, _)| group);
        let own = group.is_some_and(|group| SHARED.iter().any(|name| group.has(name)));
        let key = (type_row, group.map_or(0, |group| group.id() as usize));
        if !own && let Some(known) = kinds.get(&key) {
            return known.clone();
        }
        let who = match attributes.type_id(row) {
            Some(id) if !own => format!("edge type {id} of {}", attributes.types().file().display()),
            _ => format!("edge {row} of population {}", edges.name()),
        };
        let kind = match self.read_kind(edges, row, &who) {
            Ok(kind) => kind.map(Arc::new),
            Err(problem) => {
                self.collector.push(if problem.place.is_none() {
                    problem.at(who)
                } else {
                    problem.note(format!("needed by {who}"))
                });
                None
            }
        };
        kinds.insert(key, kind.clone());
        kind
    }

    fn read_kind(&mut self, edges: &EdgePopulation, row: usize, who: &str) -> Result<Option<Kind>, Problem> {
        let attributes = edges.attributes();
        match attributes.opt_text(row, "weight_function")? {
            None | Some("wmax" | "default_weight_fnc" | "set_syn_weight" | weights::TUNED) => {}
            Some(function) => {
                return Err(Problem::model(format!("the weight function `{function}` is not supported"))
                    .help("write the weights that it gives into the edges as syn_weight"));
            }
        }
        let model = if gap::is_gap(attributes, row)? {
            gap::check_mechanism(self.mechanisms)?;
            None
        } else {
            let template = attributes.text(row, "model_template")?;
            let parameters = attributes.opt_text(row, "dynamics_params")?;
            let Some(model) = self.model(template, parameters, who)? else { return Ok(None) };
            self.warn_of_parameters(edges, row, &model.mechanism);
            Some(model)
        };
        let targets = attributes.text_list(row, "target_sections")?.map(|names| section_types(&names)).transpose()?;
        let range = attributes.range(row, "distance_range")?.unwrap_or([0.0, f64::INFINITY]);
        Ok(Some(Kind { model, targets, range }))
    }

    /// Attributes of edges set no parameters, neither here nor in BMTK, which may come as a surprise.
    fn warn_of_parameters(&self, edges: &EdgePopulation, row: usize, mechanism: &str) {
        let Some(manifest) = self.mechanisms.iter().find(|manifest| manifest.name == mechanism) else { return };
        let attributes = edges.attributes();
        let of_group = attributes.group(row).into_iter().flat_map(|(group, _)| group.names());
        for name in of_group.chain(attributes.types().columns()) {
            if synapses::is_parameter(manifest, name) {
                tracing::warn!(
                    help = "set it in the parameter file (dynamics_params) of an edge type",
                    "the attribute `{name}` of edges {} has no effect: parameters of {mechanism} are not set by edges",
                    edges.name()
                );
            }
        }
    }

    fn model(&mut self, template: &str, parameters: Option<&str>, who: &str) -> Result<Option<SynapseModel>, Problem> {
        let key = (template.to_owned(), parameters.map(str::to_owned));
        if let Some(known) = self.models.get(&key) {
            return Ok(known.clone());
        }
        let Some(mechanism) = synapses::mechanism(template, self.mechanisms)? else {
            // Told with all others that are missing.
            self.missing.add(template, Needs::PointProcess, who);
            return Ok(None);
        };
        let parameters = match parameters {
            Some(file) => synapses::parameters(mechanism, &self.parameter_file(file)?)?,
            None => Vec::new(),
        };
        let model = Some(SynapseModel { mechanism: mechanism.name.as_str().into(), parameters: parameters.into() });
        self.models.insert(key, model.clone());
        Ok(model)
    }

    fn parameter_file(&self, file: &str) -> Result<PathBuf, Problem> {
        let path = match self.synaptic_models {
            Some(folder) => folder.join(file),
            None => PathBuf::from(file),
        };
        if path.is_file() {
            return Ok(path);
        }
        let problem = Problem::model("the parameter file of a synapse does not exist").in_file(&path);
        Err(match self.synaptic_models {
            Some(_) => problem.help("correct dynamics_params of the edge type, or components.synaptic_models_dir"),
            None => problem.help("the configuration has no components.synaptic_models_dir; add it"),
        })
    }
}

impl Columns {
    fn read(edges: &EdgePopulation) -> Result<Self, Problem> {
        let attributes = edges.attributes();
        let real = |name: &str| attributes.f64_column(name, Some(f64::NAN));
        let whole = |name: &str| attributes.i64_column(name, Some(NONE));
        let mut section = whole("sec_id")?;
        let mut x = real("sec_x")?;
        // The old names win, as in BMTK.
        for (value, newer) in section.iter_mut().zip(whole("afferent_section_id")?) {
            *value = if *value == NONE { newer } else { *value };
        }
        for (value, newer) in x.iter_mut().zip(real("afferent_section_pos")?) {
            *value = if value.is_nan() { newer } else { *value };
        }
        Ok(Self { weight: real("syn_weight")?, delay: real("delay")?, section, x, synapses: whole("nsyns")? })
    }

    /// The place that an edge gives, if it gives one: section id and position.
    fn place(&self, row: usize, sections: usize) -> Result<Option<(usize, f64)>, Problem> {
        let (section, x) = (self.section[row], self.x[row]);
        if section == NONE {
            return Ok(None);
        }
        let Some(index) = usize::try_from(section).ok().filter(|&index| index < sections) else {
            let ids = match sections {
                0 => "the target cell has no sections in its list `all`".to_owned(),
                _ => format!("the target cell has the section ids 0 to {}", sections - 1),
            };
            return Err(Problem::model(format!("its section id {section} is out of range")).note(ids));
        };
        if x.is_nan() {
            return Err(Problem::model("it has a section (afferent_section_id or sec_id) but no position")
                .help("add afferent_section_pos (or sec_x), 0 to 1"));
        }
        if !(0.0..=1.0).contains(&x) {
            return Err(Problem::model(format!("its position {x} on the section is outside 0 to 1")));
        }
        Ok(Some((index, x)))
    }

    /// The number of synapses of an edge, if it gives one.
    pub(super) fn synapses(&self, row: usize) -> Option<i64> {
        Some(self.synapses[row]).filter(|&number| number != NONE)
    }

    pub(super) fn weight(&self, row: usize) -> Result<f64, Problem> {
        let weight = self.weight[row];
        if weight.is_nan() {
            return Err(Problem::model("it has no weight, or NaN for one")
                .help("give syn_weight, a number, to the edges or to their type"));
        }
        if weight.is_infinite() {
            return Err(Problem::model(format!("its weight is {weight}")).help("weights must be finite"));
        }
        Ok(weight)
    }

    fn weight_and_delay(&self, row: usize) -> Result<(f64, f64), Problem> {
        let (weight, delay) = (self.weight(row)?, self.delay[row]);
        if delay.is_nan() {
            return Err(Problem::model("it has no delay, or NaN for one")
                .help("give delay, in ms, to the edges or to their type"));
        }
        if delay < 0.0 || !delay.is_finite() {
            return Err(Problem::model(format!("its weight is {weight} and its delay {delay} ms"))
                .help("weights must be finite, and delays finite and not negative"));
        }
        Ok((weight, delay))
    }
}

fn section_types(names: &[String]) -> Result<Vec<SectionType>, Problem> {
    let mut kinds = Vec::with_capacity(names.len());
    for name in names {
        let kind = SectionType::named(name).ok_or_else(|| {
            let known = SectionType::NAMES.map(|(name, _)| name);
            Problem::model(format!("`{name}` in target_sections is no section type"))
                .help(format!("the types are: {}", list(&known)))
        })?;
        kinds.push(kind);
    }
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

/// Tells the first few problems of a population's edges.
struct Told {
    place: String,
    told: usize,
    more: usize,
}

impl Told {
    fn tell(&mut self, collector: &mut Collector, edge: u32, problem: Problem) {
        if self.told == MOST_PROBLEMS {
            self.more += 1;
            return;
        }
        self.told += 1;
        let problem = if problem.place.is_none() {
            Problem { message: format!("edge {edge}: {}", problem.message), ..problem }
                .at(format!("{}: edge {edge}", self.place))
        } else {
            problem.note(format!("needed by edge {edge} of {}", self.place))
        };
        collector.push(problem);
    }

    fn finish(&self, collector: &mut Collector) {
        if self.more > 0 {
            let text = format!("{} more have problems", count(self.more, "edge"));
            collector.push(Problem::model(text).at(&self.place));
        }
    }
}
