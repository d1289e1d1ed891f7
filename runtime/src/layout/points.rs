//! Point processes to blocks: which rows there are, and in which order.
//!
//! Linear synapses with the same parameters at one place are one row ([`codegen::superposition`]): it gets the events of all
//! their NetCons. Networks have many synapses for each compartment, and most of these are alike.

use super::build::{Placed, columns_of};
use super::{Block, Group, LayoutError};
use crate::model::{Instance, Network, Site, Source};
use std::collections::HashMap;
use std::sync::Arc;

/// Group, block and row of an instance.
pub(super) type Place = (usize, usize, usize);

/// A point process to be placed in its group; members are sorted by these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    mechanism: usize,
    lane: u32,
    compartment: u32,
    kind: Kind,
    index: usize,
}

/// What a point process has in common with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Nothing that matters: it is a row of its own.
    Alone,
    /// Parameters: those of one kind at one place superpose.
    Like(u32),
}

impl Member {
    /// Whether one row stands for both.
    fn is_one_with(&self, other: &Self) -> bool {
        Self { index: 0, ..*self } == Self { index: 0, ..*other } && self.kind != Kind::Alone
    }
}

impl Placed<'_> {
    /// Adds the blocks of point processes; gives the place of each. With `superpose`, those that do share a row.
    pub(super) fn point_processes(&mut self, superpose: bool) -> Result<Vec<Place>, LayoutError> {
        let points = &self.network().point_processes;
        let mut kinds = Kinds::new(self.network());
        let mut order: Vec<Vec<Member>> = vec![Vec::new(); self.groups.len()];
        for (index, point) in points.iter().enumerate() {
            let (group, lane) = self.lanes[point.cell];
            let mechanism = self.builder.mechanism(&point.mechanism);
            let mechanism = mechanism.unwrap_or_else(|| unreachable!("`used` keeps the mechanisms of all points"));
            let (compartment, has_area) = self.compartment(point.cell, point.section, point.x)?;
            if !self.builder.mechanisms[mechanism].ions.is_empty() && !has_area {
                return Err(LayoutError::IonAtEnd {
                    mechanism: point.mechanism.to_string(),
                    section: self.section_name(point.cell, point.section),
                    x: point.x,
                });
            }
            let kind = match superpose && self.builder.mechanisms[mechanism].superposes {
                true => kinds.of(index, &point.parameters),
                false => Kind::Alone,
            };
            order[group].push(Member { mechanism, lane: lane as u32, compartment, kind, index });
        }
        let mut places = vec![(0, 0, 0); points.len()];
        for (group, mut order) in order.into_iter().enumerate() {
            order.sort_unstable();
            let blocks: Vec<Vec<&[Member]>> =
                order.chunk_by(|a, b| a.mechanism == b.mechanism).map(|members| self.rows(group, members)).collect();
            let made: Vec<Block> = blocks.iter().map(|rows| self.point_block(group, rows)).collect::<Result<_, _>>()?;
            let first = self.groups[group].blocks.len();
            self.groups[group].blocks.extend(made);
            let numbers = self.sort_blocks(group);
            for (rows, &block) in blocks.iter().zip(&numbers[first..]) {
                for (row, same) in rows.iter().enumerate() {
                    same.iter().for_each(|member| places[member.index] = (group, block, row));
                }
            }
        }
        Ok(places)
    }

    /// The rows of a block, each of one member or of some that superpose.
    fn rows<'m>(&self, group: usize, members: &'m [Member]) -> Vec<&'m [Member]> {
        let rows = members.chunk_by(Member::is_one_with).collect();
        // Events leave in the order of rows, which must not depend on groups.
        if self.builder.mechanisms[members[0].mechanism].events.sends() {
            return rows;
        }
        let Group { lanes, order, .. } = &self.groups[group];
        by_rank(rows, |row| order[row[0].compartment as usize] * *lanes as u32 + row[0].lane)
    }

    fn point_block(&self, group: usize, rows: &[&[Member]]) -> Result<Block, LayoutError> {
        let rows: Vec<&Member> = rows.iter().map(|row| &row[0]).collect();
        let mechanism = rows[0].mechanism;
        let Group { lanes, order, ions, .. } = &self.groups[group];
        let points = &self.network().point_processes;
        let parameters = rows.iter().map(|row| &*points[row.index].parameters);
        let places: Vec<(u32, u32)> = rows.iter().map(|row| (order[row.compartment as usize], row.lane)).collect();
        Ok(Block {
            mechanism,
            rows: rows.len(),
            lanes: 1,
            columns: columns_of(&self.builder.mechanisms[mechanism], parameters)?.into(),
            globals: self.builder.globals(mechanism),
            node: places.iter().map(|&(node, lane)| node * *lanes as u32 + lane).collect(),
            diffusion: None,
            ions: self.builder.ion_references(mechanism, ions, &places, *lanes),
            cell_of: rows.iter().map(|row| row.lane).collect(),
            instances: rows.iter().map(|row| row.index as u32).collect(),
        })
    }
}

/// The kinds of point processes that superpose.
struct Kinds<'a> {
    alone: Vec<bool>,
    numbers: HashMap<Vec<(&'a str, u64)>, u32>,
    /// Those of one type of edges share their parameters.
    shared: HashMap<*const [(String, f64)], u32>,
}

impl<'a> Kinds<'a> {
    fn new(network: &Network) -> Self {
        Self { alone: alone(network), numbers: HashMap::new(), shared: HashMap::new() }
    }

    /// That of a point process with some parameters.
    fn of(&mut self, point: usize, parameters: &'a Arc<[(String, f64)]>) -> Kind {
        if self.alone[point] {
            return Kind::Alone;
        }
        let Self { numbers, shared, .. } = self;
        Kind::Like(*shared.entry(Arc::as_ptr(parameters)).or_insert_with(|| {
            let bits = parameters.iter().map(|(name, value)| (name.as_str(), value.to_bits()));
            let next = numbers.len() as u32;
            *numbers.entry(bits.collect()).or_insert(next)
        }))
    }
}

/// Rows in order of nodes, first one of each node, then a second one, and so on, so that neighbours have different nodes;
/// those of one node follow each other in `rows`, and keep their order.
pub(super) fn by_rank<T>(rows: Vec<T>, node: impl Fn(&T) -> u32) -> Vec<T> {
    let mut ranks = Vec::with_capacity(rows.len());
    for same in rows.chunk_by(|a, b| node(a) == node(b)) {
        ranks.extend((0..same.len() as u32).map(|rank| (rank, node(&same[0]))));
    }
    let mut ranked: Vec<((u32, u32), T)> = ranks.into_iter().zip(rows).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, row)| row).collect()
}

/// The point processes that somebody looks at or sets one by one.
fn alone(network: &Network) -> Vec<bool> {
    let recorded = network.probes.iter().filter_map(|probe| match probe.site {
        Site::Point(point) => Some(point),
        Site::Segment { .. } => None,
    });
    let sending = network.netcons.iter().filter_map(|netcon| match netcon.source {
        Source::Instance(Instance::Point(point)) => Some(point),
        _ => None,
    });
    let driven = network.transfers.iter().map(|transfer| transfer.point);
    let played = network.played.iter().map(|played| played.point);
    let mut alone = vec![false; network.point_processes.len()];
    recorded.chain(sending).chain(driven).chain(played).for_each(|point| alone[point] = true);
    alone
}

#[cfg(test)]
mod tests {
    use super::by_rank;

    #[test]
    fn neighbours_have_different_nodes() {
        let rows = vec![(3, 'a'), (3, 'b'), (3, 'c'), (1, 'd'), (2, 'e'), (2, 'f')];
        let sorted: String = by_rank(rows, |row| row.0).into_iter().map(|row| row.1).collect();
        assert_eq!(sorted, "deafbc");
    }
}
