//! Network to layout: templates, shapes, groups, lanes.

use super::cells::{self, TemplateKey};
use super::{
    Address, Block, Group, IonBlock, IonReference, IonSpecies, Layout, LayoutError, MechanismTemplate, Shared, Target,
    Template,
};
use super::{Grouping, forest, given, grouping, streams, tables};
use crate::model::{Instance, Network, Probe, Site, Source};
use cell::SectionId;
use codegen::ir::{IonField, Kind};
use codegen::manifest::MechanismManifest;
use std::collections::HashMap;

/// Choices of the layout.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How cells become groups.
    pub grouping: Grouping,
    /// Time step, ms.
    pub dt: f64,
    /// Temperature, degC.
    pub celsius: f64,
    /// Initial membrane potential, mV.
    pub v_init: f64,
    /// Let one instance of a linear synapse stand for all those with the same parameters at one place. Currents are then
    /// added up in another order.
    pub superpose: bool,
}

/// Lays a network out.
///
/// `mechanisms` are all that may be used, in order of execution; the layout keeps those that are.
///
/// # Errors
/// When something in the network names what does not exist: mechanisms, variables, places.
pub fn build(network: &Network, mechanisms: &[MechanismManifest], options: Options) -> Result<Layout, LayoutError> {
    let mechanisms = given::globals(network, mechanisms);
    let mechanisms = given::externals(used(network, &mechanisms)?, &mechanisms)?;
    given::complete(network, &mechanisms)?;
    let species = species(&mechanisms)?;
    let builder = Builder { network, mechanisms: &mechanisms, species: &species };
    let (templates, template_of_cell) = builder.templates()?;
    let options = Options { grouping: options.grouping.settled(&templates, &mechanisms), ..options };
    let templates = options.grouping.arranged(templates);
    let groups = builder.groups(&templates, &template_of_cell, options.grouping);
    let mut lanes = vec![(0, 0); network.cells.len()];
    for (index, group) in groups.iter().enumerate() {
        for (lane, &cell) in group.cells.iter().enumerate() {
            lanes[cell as usize] = (index, lane);
        }
    }
    let mut placed = Placed { builder, templates: &templates, template_of_cell: &template_of_cell, lanes, groups };
    placed.detectors()?;
    let mut rows = placed.point_processes(options.superpose)?;
    rows.extend(placed.artificial_cells(options.grouping.artificial_cells())?);
    let targets = placed.netcons(&rows)?;
    let probes = network.probes.iter().map(|probe| placed.probe(probe, &rows)).collect::<Result<_, _>>()?;
    let courses = network.courses.clone();
    let (transfers, played) = placed.driven(&rows, &courses, options.v_init)?;
    let (mut groups, lanes) = (placed.groups, placed.lanes);
    streams::assign(&mut groups, &mechanisms, &lanes, &rows);
    let Options { dt, celsius, v_init, .. } = options;
    tables::fill(&mut groups, &mechanisms, dt, celsius);
    let values = |group: &Group| {
        let cell = group.cells[0] as usize;
        grouping::changing(&templates[template_of_cell[cell]], &mechanisms)
    };
    let mut layout = Layout {
        groups,
        targets,
        probes,
        transfers,
        played,
        courses,
        dt,
        celsius,
        v_init,
        mechanisms: Vec::new(),
        species: Vec::new(),
    };
    let sends = |mechanism: usize| mechanisms[mechanism].events.sends();
    forest::plant(&mut layout, options.grouping, values, sends);
    Ok(Layout { mechanisms, species, ..layout })
}

/// The mechanisms that the network uses, in order of execution.
fn used(network: &Network, mechanisms: &[MechanismManifest]) -> Result<Vec<MechanismManifest>, LayoutError> {
    let mut names: Vec<&str> = network.point_processes.iter().map(|point| &*point.mechanism).collect();
    names.sort_unstable();
    names.dedup();
    for name in &names {
        if !mechanisms.iter().any(|mechanism| mechanism.name == *name && mechanism.kind == Kind::PointProcess) {
            return Err(LayoutError::NoPointProcess { mechanism: (*name).to_owned() });
        }
    }
    for cell in &network.artificial_cells {
        let name = &*cell.mechanism;
        if !mechanisms.iter().any(|mechanism| mechanism.name == name && mechanism.kind == Kind::ArtificialCell) {
            return Err(LayoutError::NoArtificialCell { mechanism: name.to_owned() });
        }
        names.push(name);
    }
    for cell in &network.cells {
        names.extend(cells::inserted(&cell.cell));
    }
    names.sort_unstable();
    names.dedup();
    Ok(mechanisms.iter().filter(|mechanism| names.binary_search(&mechanism.name.as_str()).is_ok()).cloned().collect())
}

/// The ion species of the mechanisms, with their valences.
fn species(mechanisms: &[MechanismManifest]) -> Result<Vec<IonSpecies>, LayoutError> {
    let mut valences: Vec<(String, Option<(f64, String)>)> = Vec::new();
    for mechanism in mechanisms {
        for ion in &mechanism.ions {
            let at = valences.iter().position(|(name, _)| *name == ion.name).unwrap_or_else(|| {
                let built_in = IonSpecies::built_in_valence(&ion.name).map(|valence| (valence, "NEURON".to_owned()));
                valences.push((ion.name.clone(), built_in));
                valences.len() - 1
            });
            match (&valences[at].1, ion.valence) {
                (None, Some(valence)) => valences[at].1 = Some((valence, mechanism.name.clone())),
                (Some((known, by)), Some(valence)) if *known != valence => {
                    return Err(LayoutError::Valence {
                        ion: ion.name.clone(),
                        first: (*known, by.clone()),
                        second: (valence, mechanism.name.clone()),
                    });
                }
                _ => {}
            }
        }
    }
    valences
        .into_iter()
        .map(|(ion, valence)| match valence {
            Some((valence, _)) => Ok(IonSpecies::new(&ion, valence)),
            None => Err(LayoutError::NoValence { ion }),
        })
        .collect()
}

/// What is laid out, and with what.
pub(super) struct Builder<'a> {
    network: &'a Network,
    pub(super) mechanisms: &'a [MechanismManifest],
    species: &'a [IonSpecies],
}

impl Builder<'_> {
    /// The place of a mechanism among those in use.
    pub(super) fn mechanism(&self, name: &str) -> Option<usize> {
        self.mechanisms.iter().position(|mechanism| mechanism.name == name)
    }

    /// One template for each kind of cell, and which one each cell has.
    fn templates(&self) -> Result<(Vec<Template>, Vec<usize>), LayoutError> {
        let mut ions_of_points = vec![Vec::new(); self.network.cells.len()];
        for point in &self.network.point_processes {
            if let Some(mechanism) = self.mechanism(&point.mechanism)
                && !self.mechanisms[mechanism].ions.is_empty()
            {
                ions_of_points[point.cell].push((point.section, mechanism));
            }
        }
        let mut known: HashMap<TemplateKey, usize> = HashMap::new();
        let mut templates = Vec::new();
        let mut template_of_cell = Vec::with_capacity(self.network.cells.len());
        for (cell, mut points) in self.network.cells.iter().zip(ions_of_points) {
            points.sort_unstable();
            points.dedup();
            let key = TemplateKey::new(&cell.cell, points);
            let index = match known.get(&key) {
                Some(&index) => index,
                None => {
                    templates.push(cells::template(&cell.cell, &key, self.mechanisms, self.species)?);
                    known.insert(key, templates.len() - 1);
                    templates.len() - 1
                }
            };
            template_of_cell.push(index);
        }
        Ok((templates, template_of_cell))
    }

    /// Groups of cells of one shape, in order of their first cells.
    fn groups(&self, templates: &[Template], template_of_cell: &[usize], grouping: Grouping) -> Vec<Group> {
        let mut shapes: HashMap<Vec<u64>, usize> = HashMap::new();
        let shape_of_template: Vec<usize> = templates
            .iter()
            .map(|template| {
                let next = shapes.len();
                *shapes.entry(template.shape()).or_insert(next)
            })
            .collect();
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); shapes.len()];
        for (cell, &template) in template_of_cell.iter().enumerate() {
            members[shape_of_template[template]].push(cell as u32);
        }
        let values =
            |cells: &[u32]| grouping::changing(&templates[template_of_cell[cells[0] as usize]], self.mechanisms);
        // Groups of the same cells share what they have in common.
        let mut made: HashMap<Vec<usize>, Group> = HashMap::new();
        let mut groups: Vec<Group> = members
            .iter()
            .flat_map(|cells| grouping.cut(cells, values(cells)))
            .map(|cells| {
                let of_lanes = cells.iter().map(|&cell| template_of_cell[cell as usize]).collect();
                let like = made.entry(of_lanes).or_insert_with(|| self.group(cells, templates, template_of_cell));
                Group { cells: cells.to_vec(), ..like.clone() }
            })
            .collect();
        groups.sort_by_key(|group| group.cells.first().copied());
        groups
    }

    /// The density part of a group.
    fn group(&self, cells: &[u32], templates: &[Template], template_of_cell: &[usize]) -> Group {
        let of_lane: Vec<&Template> = cells.iter().map(|&cell| &templates[template_of_cell[cell as usize]]).collect();
        let shape = of_lane[0];
        let lanes = cells.len();
        let ions: Vec<IonBlock> = shape
            .ions
            .iter()
            .enumerate()
            .map(|(index, ion)| {
                let lane_values = |field: IonField, row: usize| {
                    of_lane.iter().map(move |template| {
                        let ion = &template.ions[index];
                        match field {
                            IonField::Erev => ion.erev[row],
                            IonField::Conci => ion.conci[row],
                            IonField::Conco => ion.conco[row],
                            IonField::Current | IonField::Didv => 0.0,
                        }
                    })
                };
                let rows = ion.nodes.len();
                let values = IonField::ALL
                    .iter()
                    .flat_map(|&field| (0..rows).flat_map(move |row| lane_values(field, row)))
                    .collect();
                IonBlock { species: ion.species, rows, node: ion.nodes.clone(), style: ion.style.clone(), values }
            })
            .collect();
        let blocks = (0..shape.mechanisms.len())
            .map(|index| {
                let of_lane: Vec<_> = of_lane.iter().map(|template| &template.mechanisms[index]).collect();
                self.density_block(&of_lane, &ions)
            })
            .collect();
        Group {
            lanes,
            cells: cells.to_vec(),
            parent: shape.parent.clone(),
            order: shape.order.clone(),
            a: shape.a.clone(),
            b: shape.b.clone(),
            area: shape.area.clone().into(),
            diam: shape.diam.clone().into(),
            cm: shape.cm.clone(),
            ions,
            blocks,
            ..Group::default()
        }
    }

    fn density_block(&self, of_lane: &[&MechanismTemplate], ions: &[IonBlock]) -> Block {
        let lanes = of_lane.len();
        let shape = of_lane[0];
        let rows = shape.nodes.len();
        let columns = (0..shape.columns.len())
            .flat_map(|element| of_lane.iter().map(move |template| template.columns[element]))
            .collect();
        let node: Vec<u32> = shape.nodes.iter().map(|&node| node * lanes as u32).collect();
        let places: Vec<(u32, u32)> = shape.nodes.iter().map(|&node| (node, 0)).collect();
        Block {
            mechanism: shape.mechanism,
            rows,
            lanes,
            columns,
            globals: self.globals(shape.mechanism),
            node,
            diffusion: shape.diffusion.clone(),
            ions: self.ion_references(shape.mechanism, ions, &places, lanes),
            cell_of: Vec::new(),
            instances: Vec::new(),
        }
    }

    pub(super) fn globals(&self, mechanism: usize) -> Shared<f64> {
        self.mechanisms[mechanism].globals.iter().map(|global| global.default).collect()
    }

    /// Where a mechanism finds its ions, for rows at `(node, lane)`.
    pub(super) fn ion_references(
        &self,
        mechanism: usize,
        ions: &[IonBlock],
        places: &[(u32, u32)],
        lanes: usize,
    ) -> Vec<IonReference> {
        let reference = |name: &str| {
            let found = ions.iter().position(|ion| self.species[ion.species].name == name);
            let ion = found.unwrap_or_else(|| unreachable!("a template has the ions of its mechanisms"));
            let row = places
                .iter()
                .map(|(node, lane)| match ions[ion].node.binary_search(node) {
                    Ok(row) => row as u32 * lanes as u32 + lane,
                    Err(_) => unreachable!("a template has its ions on the nodes of its mechanisms"),
                })
                .collect();
            IonReference { ion, row }
        };
        self.mechanisms[mechanism].ions.iter().map(|ion| reference(&ion.name)).collect()
    }
}

/// Groups with their density mechanisms, to be completed with what differs between cells.
pub(super) struct Placed<'a> {
    pub(super) builder: Builder<'a>,
    templates: &'a [Template],
    template_of_cell: &'a [usize],
    /// Group and lane of each cell.
    pub(super) lanes: Vec<(usize, usize)>,
    pub(super) groups: Vec<Group>,
}

impl<'a> Placed<'a> {
    pub(super) fn network(&self) -> &'a Network {
        self.builder.network
    }

    /// The mechanism of a block.
    pub(super) fn mechanism_of(&self, group: usize, block: usize) -> &'a MechanismManifest {
        &self.builder.mechanisms[self.groups[group].blocks[block].mechanism]
    }

    /// The compartment at a place of a cell, and whether it has a membrane.
    pub(super) fn compartment(&self, cell: usize, section: SectionId, x: f64) -> Result<(u32, bool), LayoutError> {
        let compartments = &self.templates[self.template_of_cell[cell]].compartments;
        let found = compartments.node_of(section, x).map(|at| (at as u32, compartments.has_area[at]));
        let sections = self.builder.network.cells[cell].cell.sections().len();
        found.ok_or(LayoutError::NoPlace { section: section.0, x, sections })
    }

    /// The node at a place of a cell.
    pub(super) fn node(&self, cell: usize, section: SectionId, x: f64) -> Result<u32, LayoutError> {
        let (compartment, _) = self.compartment(cell, section, x)?;
        Ok(self.groups[self.lanes[cell].0].order[compartment as usize])
    }

    pub(super) fn section_name(&self, cell: usize, section: SectionId) -> String {
        self.builder.network.cells[cell].cell.section(section).name().to_string()
    }

    fn detectors(&mut self) -> Result<(), LayoutError> {
        for group in 0..self.groups.len() {
            let lanes = self.groups[group].lanes as u32;
            for lane in 0..lanes {
                let cell = self.groups[group].cells[lane as usize] as usize;
                let detector = self.builder.network.cells[cell].detector;
                let node = self.node(cell, detector.section, detector.x)?;
                self.groups[group].detectors.push(node * lanes + lane);
                self.groups[group].thresholds.push(detector.threshold);
            }
        }
        Ok(())
    }

    /// Brings density and point blocks into the order of execution; gives the place of each.
    pub(super) fn sort_blocks(&mut self, group: usize) -> Vec<usize> {
        let blocks = std::mem::take(&mut self.groups[group].blocks);
        let mut sorted: Vec<(usize, Block)> = blocks.into_iter().enumerate().collect();
        sorted.sort_by_key(|(_, block)| block.mechanism);
        let mut moved = vec![0; sorted.len()];
        for (to, (from, _)) in sorted.iter().enumerate() {
            moved[*from] = to;
        }
        self.groups[group].blocks = sorted.into_iter().map(|(_, block)| block).collect();
        moved
    }

    /// Adds groups of artificial cells; gives group, block and row of each.
    fn artificial_cells(&mut self, size: usize) -> Result<Vec<(usize, usize, usize)>, LayoutError> {
        let network = self.builder.network;
        let all: Vec<usize> = (0..network.artificial_cells.len()).collect();
        let mut rows = Vec::with_capacity(all.len());
        for cells in all.chunks(if size == 0 { usize::MAX } else { size }) {
            let group = self.groups.len();
            let number = |cell: usize| (network.cells.len() + cell) as u32;
            let mut made = Group {
                lanes: cells.len(),
                cells: cells.iter().map(|&cell| number(cell)).collect(),
                ..Group::default()
            };
            let mut order: Vec<(usize, usize)> = Vec::with_capacity(cells.len());
            for (lane, &cell) in cells.iter().enumerate() {
                let mechanism = self.builder.mechanism(&network.artificial_cells[cell].mechanism);
                order.push((
                    mechanism.unwrap_or_else(|| unreachable!("`used` keeps the mechanisms of all cells")),
                    lane,
                ));
            }
            order.sort_unstable();
            let mut places = vec![(0, 0); cells.len()];
            for members in order.chunk_by(|a, b| a.0 == b.0) {
                for (row, &(_, lane)) in members.iter().enumerate() {
                    places[lane] = (made.blocks.len(), row);
                }
                made.blocks.push(self.artificial_block(members, cells)?);
            }
            rows.extend(places.into_iter().map(|(block, row)| (group, block, row)));
            self.groups.push(made);
        }
        Ok(rows)
    }

    /// The artificial cells of one mechanism in a group: `(mechanism, lane)`.
    fn artificial_block(&self, members: &[(usize, usize)], cells: &[usize]) -> Result<Block, LayoutError> {
        let network = self.builder.network;
        let mechanism = members[0].0;
        let parameters = members.iter().map(|&(_, lane)| &*network.artificial_cells[cells[lane]].parameters);
        Ok(Block {
            mechanism,
            rows: members.len(),
            lanes: 1,
            columns: columns_of(&self.builder.mechanisms[mechanism], parameters)?.into(),
            globals: self.builder.globals(mechanism),
            node: vec![0; members.len()],
            diffusion: None,
            ions: Vec::new(),
            cell_of: members.iter().map(|&(_, lane)| lane as u32).collect(),
            instances: members
                .iter()
                .map(|&(_, lane)| network.number(Instance::Artificial(cells[lane])) as u32)
                .collect(),
        })
    }

    /// Gives each NetCon its target and the room for its arguments. `rows` has group, block and row of each instance.
    fn netcons(&mut self, rows: &[(usize, usize, usize)]) -> Result<Vec<Target>, LayoutError> {
        let network = self.builder.network;
        network
            .netcons
            .iter()
            .map(|netcon| {
                if let Source::Instance(source) = netcon.source {
                    let (group, block, _) = rows[network.number(source)];
                    let mechanism = &self.builder.mechanisms[self.groups[group].blocks[block].mechanism];
                    if !mechanism.events.to_others {
                        return Err(LayoutError::NoSender { mechanism: mechanism.name.clone() });
                    }
                }
                let (group, block, row) = rows[network.number(netcon.target)];
                let group_data = &mut self.groups[group];
                let mechanism = &self.builder.mechanisms[group_data.blocks[block].mechanism];
                if !mechanism.has("net_receive") {
                    return Err(LayoutError::NoReceiver { mechanism: mechanism.name.clone() });
                }
                let lane = group_data.blocks[block].cell_of[row];
                let argument = group_data.arguments.len() as u32;
                group_data.arguments.push(netcon.weight);
                let more = mechanism.net_arguments.len().saturating_sub(1);
                group_data.arguments.extend(std::iter::repeat_n(0.0, more));
                Ok(Target { group: group as u32, block: block as u32, row: row as u32, lane, argument })
            })
            .collect()
    }

    /// Adds a probe to its group. `rows` has group, block and row of each instance.
    fn probe(&mut self, probe: &Probe, rows: &[(usize, usize, usize)]) -> Result<(u32, u32), LayoutError> {
        let (group, address) = match probe.site {
            Site::Segment { cell, section, x } => {
                let (group, lane) = self.lanes[cell];
                let node = self.node(cell, section, x)?;
                let address = self.address(group, lane as u32, node, &probe.variable);
                (group, address.ok_or_else(|| self.no_variable(cell, section, x, probe))?)
            }
            Site::Point(point) => {
                let (group, block, row) = rows[point];
                let of = &self.groups[group].blocks[block];
                let column = self.builder.mechanisms[of.mechanism].column(&probe.variable).ok_or_else(|| {
                    let place = &self.builder.network.point_processes[point];
                    self.no_variable(place.cell, place.section, place.x, probe)
                })?;
                (group, Address::Column { block: block as u32, index: (column * of.rows + row) as u32 })
            }
        };
        let probes = &mut self.groups[group].probes;
        probes.push(address);
        Ok((group as u32, probes.len() as u32 - 1))
    }

    fn no_variable(&self, cell: usize, section: SectionId, x: f64, probe: &Probe) -> LayoutError {
        LayoutError::NoVariable { variable: probe.variable.to_string(), section: self.section_name(cell, section), x }
    }

    /// Finds `v`, an ion variable, or `variable_mechanism` on a node.
    fn address(&self, group: usize, lane: u32, node: u32, variable: &str) -> Option<Address> {
        let group = &self.groups[group];
        let lanes = group.lanes;
        if variable == "v" {
            return Some(Address::Voltage(node * lanes as u32 + lane));
        }
        for (index, ion) in group.ions.iter().enumerate() {
            if let Some(field) = self.builder.species[ion.species].field(variable)
                && let Ok(row) = ion.node.binary_search(&node)
            {
                let index_in_values = (field.index() * ion.rows + row) * lanes + lane as usize;
                return Some(Address::Ion { ion: index as u32, index: index_in_values as u32 });
            }
        }
        for (index, block) in group.blocks.iter().enumerate().filter(|(_, block)| !block.is_point()) {
            let manifest = &self.builder.mechanisms[block.mechanism];
            let name = variable.strip_suffix(manifest.name.as_str()).and_then(|rest| rest.strip_suffix('_'));
            if let Some(column) = name.and_then(|name| manifest.column(name))
                && let Some(row) = block.node.iter().position(|&at| at == node * lanes as u32)
            {
                let index_in_columns = (column * block.rows + row) * lanes + lane as usize;
                return Some(Address::Column { block: index as u32, index: index_in_columns as u32 });
            }
        }
        None
    }
}

/// The columns of some instances, with their own parameters.
pub(super) fn columns_of<'a>(
    manifest: &MechanismManifest,
    parameters: impl ExactSizeIterator<Item = &'a [(String, f64)]>,
) -> Result<Vec<f64>, LayoutError> {
    let rows = parameters.len();
    let mut columns: Vec<f64> =
        manifest.columns.iter().flat_map(|column| std::iter::repeat_n(column.default, rows)).collect();
    for (row, parameters) in parameters.enumerate() {
        for (name, value) in parameters {
            let column = manifest.column(name).ok_or_else(|| LayoutError::NoParameter {
                mechanism: manifest.name.clone(),
                parameter: name.clone(),
            })?;
            columns[column * rows + row] = *value;
        }
    }
    Ok(columns)
}
