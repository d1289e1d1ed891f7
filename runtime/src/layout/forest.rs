//! Cells of different shapes in one group: one lane, tree after tree.
//!
//! Most kernels do not see trees: they run over all compartments that have their mechanism, the more the better. So groups
//! of one cell become groups of several, in which compartments with the same mechanisms stand together.

use super::driven::moved_column;
use super::grouping::{Grouping, TREES};
use super::{Address, Block, Group, IonBlock, IonReference, Layout, TransferredColumn, points};
use codegen::ir::IonField;
use std::collections::BTreeMap;

/// Puts the groups of one cell together, as `grouping` wants it; `values` has the changing values of each group's cells,
/// `sends` tells which mechanisms send events.
pub(crate) fn plant(
    layout: &mut Layout,
    grouping: Grouping,
    values: impl Fn(&Group) -> usize,
    sends: impl Fn(usize) -> bool,
) {
    let diffuses = |group: &Group| group.blocks.iter().any(|block| block.diffusion.is_some());
    let is_single = |group: &Group| group.lanes == 1 && group.nodes() > 0 && !diffuses(group);
    let singles: Vec<usize> = layout.groups.iter().filter(|group| is_single(group)).map(&values).collect();
    let most = grouping.trees(singles.len(), singles.iter().sum());
    if most <= 1 || singles.len() <= 1 {
        return;
    }
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    for (index, group) in layout.groups.iter().enumerate() {
        match open {
            Some(set) if is_single(group) && sets[set].len() < most => sets[set].push(index),
            _ => {
                open = if is_single(group) { Some(sets.len()) } else { open };
                sets.push(vec![index]);
            }
        }
    }
    let mut old: Vec<Option<Group>> = std::mem::take(&mut layout.groups).into_iter().map(Some).collect();
    let mut moves: Vec<Moved> = (0..old.len()).map(|_| Moved::default()).collect();
    for set in sets {
        let parts: Vec<Group> = set.iter().filter_map(|&index| old[index].take()).collect();
        let new = layout.groups.len() as u32;
        let (group, moved) = match <[Group; 1]>::try_from(parts) {
            Ok([single]) => (single, None),
            Err(parts) => {
                let (group, moved) = merge(&parts, &sends);
                (group, Some(moved))
            }
        };
        match moved {
            None => moves[set[0]] = Moved { group: new, stays: true, ..Moved::default() },
            Some(moved) => {
                set.iter().zip(moved).for_each(|(&index, moved)| moves[index] = Moved { group: new, ..moved })
            }
        }
        layout.groups.push(group);
    }
    for target in &mut layout.targets {
        let moved = &moves[target.group as usize];
        target.group = moved.group;
        if !moved.stays {
            let (block, rows) = &moved.blocks[target.block as usize];
            (target.block, target.row) = (*block, rows[target.row as usize]);
            target.lane += moved.cell;
            target.argument += moved.argument;
        }
    }
    for (group, probe) in &mut layout.probes {
        let moved = &moves[*group as usize];
        (*group, *probe) = (moved.group, *probe + moved.probe);
    }
    let Layout { groups, transfers, played, .. } = layout;
    let address = |group: u32, address: Address| {
        let moved = &moves[group as usize];
        (moved.group, if moved.stays { address } else { moved.address(address, &groups[moved.group as usize]) })
    };
    for TransferredColumn { from, to } in transfers {
        if let (group, Address::Voltage(node)) = address(from.0, Address::Voltage(from.1)) {
            *from = (group, node);
        }
        *to = moved_column(*to, address);
    }
    for column in played {
        column.to = moved_column(column.to, address);
    }
}

/// Where what a part of a group had has come to lie.
#[derive(Default)]
struct Moved {
    group: u32,
    /// It is a group as before.
    stays: bool,
    /// The new numbers of its first cell, argument and probe.
    cell: u32,
    argument: u32,
    probe: u32,
    /// New number of each node.
    nodes: Vec<u32>,
    /// New number of each block and each ion, and of their rows.
    blocks: Vec<(u32, Vec<u32>)>,
    ions: Vec<(u32, Vec<u32>)>,
}

fn merge(parts: &[Group], sends: &impl Fn(usize) -> bool) -> (Group, Vec<Moved>) {
    let mut all = Group { lanes: 1, ..Group::default() };
    let (order, mut moves) = nodes(parts);
    for (part, moved) in parts.iter().zip(&mut moves) {
        moved.cell = all.cells.len() as u32;
        moved.argument = all.arguments.len() as u32;
        all.cells.extend(&part.cells);
        all.arguments.extend(&part.arguments);
        all.thresholds.extend(&part.thresholds);
        all.detectors.extend(part.detectors.iter().map(|&node| moved.nodes[node as usize]));
        all.order.extend(part.order.iter().map(|&node| moved.nodes[node as usize]));
    }
    let values =
        |of: fn(&Group) -> &[f64]| -> Vec<f64> { order.iter().map(|&(part, node)| of(&parts[part])[node]).collect() };
    all.parent = order.iter().map(|&(part, node)| moves[part].nodes[parts[part].parent[node] as usize]).collect();
    all.a = values(|group| &group.a);
    all.b = values(|group| &group.b);
    all.area = values(|group| &group.area).into();
    all.diam = values(|group| &group.diam).into();
    all.cm = values(|group| &group.cm);
    all.ions = ions(parts, &mut moves);
    all.blocks = blocks(parts, sends, &mut moves);
    for (part, moved) in parts.iter().zip(&mut moves) {
        moved.probe = all.probes.len() as u32;
        let probes: Vec<Address> = part.probes.iter().map(|&probe| moved.address(probe, &all)).collect();
        all.probes.extend(probes);
    }
    (all, moves)
}

/// The nodes of all parts in their new order: those with the same mechanisms together, so that a mechanism's are in few
/// places; of these, some trees together and level by level, so that neighbours are children of neighbours and their
/// trees are solved in vectors.
fn nodes(parts: &[Group]) -> (Vec<(usize, usize)>, Vec<Moved>) {
    let mut order: Vec<(&[usize], usize, usize, Node)> = Vec::new();
    let inserted: Vec<Vec<Vec<usize>>> = parts.iter().map(inserted).collect();
    let children: Vec<Vec<Vec<usize>>> = parts.iter().map(children).collect();
    let all: Vec<usize> = (0..parts.len()).collect();
    for (bundle, trees) in all.chunks(TREES).enumerate() {
        // Nodes of one level: mechanisms, rank among siblings, place of the parent.
        let mut level: Vec<(&[usize], usize, usize, Node)> =
            trees.iter().map(|&part| (inserted[part][0].as_slice(), 0, part, (part, 0))).collect();
        let mut place = 0;
        while !level.is_empty() {
            level.sort_unstable();
            let mut next = Vec::new();
            for (mechanisms, _, _, (part, node)) in level {
                order.push((mechanisms, bundle, place, (part, node)));
                let of = children[part][node].iter().enumerate();
                next.extend(of.map(|(rank, &child)| (inserted[part][child].as_slice(), rank, place, (part, child))));
                place += 1;
            }
            level = next;
        }
    }
    order.sort_unstable();
    let of_part = |part: &Group| Moved { nodes: vec![0; part.nodes()], ..Moved::default() };
    let mut moves: Vec<Moved> = parts.iter().map(of_part).collect();
    for (new, &(.., (part, node))) in order.iter().enumerate() {
        moves[part].nodes[node] = new as u32;
    }
    (order.into_iter().map(|(.., at)| at).collect(), moves)
}

/// A node of a part.
type Node = (usize, usize);

/// The mechanisms on each node.
fn inserted(part: &Group) -> Vec<Vec<usize>> {
    let mut inserted = vec![Vec::new(); part.nodes()];
    for block in part.blocks.iter().filter(|block| !block.is_point()) {
        block.node.iter().for_each(|&node| inserted[node as usize].push(block.mechanism));
    }
    inserted
}

/// The children of each node, in their order.
fn children(part: &Group) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); part.nodes()];
    for &node in &part.order[1..] {
        children[part.parent[node as usize] as usize].push(node as usize);
    }
    children
}

impl Moved {
    /// The new address of what was at `address`.
    fn address(&self, address: Address, all: &Group) -> Address {
        let element = |index: u32, rows: &[u32], all_rows: usize| {
            let (column, row) = (index as usize / rows.len(), index as usize % rows.len());
            (column * all_rows) as u32 + rows[row]
        };
        match address {
            Address::Voltage(node) => Address::Voltage(self.nodes[node as usize]),
            Address::Column { block, index } => {
                let (block, rows) = &self.blocks[block as usize];
                Address::Column { block: *block, index: element(index, rows, all.blocks[*block as usize].rows) }
            }
            Address::Ion { ion, index } => {
                let (ion, rows) = &self.ions[ion as usize];
                Address::Ion { ion: *ion, index: element(index, rows, all.ions[*ion as usize].rows) }
            }
        }
    }
}

/// A row of a part: part, member (ion or block) of the part, row of that.
type Row = (usize, usize, usize);

/// The rows of the parts' members of one kind (species, mechanism), by that kind, in order of their new nodes.
fn rows_by_kind<'a, T: 'a>(
    parts: impl Iterator<Item = &'a [T]>,
    kind: impl Fn(&T) -> usize,
    nodes: impl Fn(&T) -> &[u32],
    moves: &[Moved],
) -> BTreeMap<usize, Vec<Row>> {
    let mut found: BTreeMap<usize, Vec<(u32, Row)>> = BTreeMap::new();
    for (part, members) in parts.enumerate() {
        for (index, member) in members.iter().enumerate() {
            let rows = nodes(member).iter().enumerate();
            let rows = rows.map(|(row, &node)| (moves[part].nodes[node as usize], (part, index, row)));
            found.entry(kind(member)).or_default().extend(rows);
        }
    }
    found
        .into_iter()
        .map(|(kind, mut rows)| {
            rows.sort_unstable();
            (kind, rows.into_iter().map(|(_, row)| row).collect())
        })
        .collect()
}

fn ions(parts: &[Group], moves: &mut [Moved]) -> Vec<IonBlock> {
    for (moved, part) in moves.iter_mut().zip(parts) {
        moved.ions = part.ions.iter().map(|ion| (0, vec![0; ion.rows])).collect();
    }
    let members = parts.iter().map(|part| part.ions.as_slice());
    let of_kind = rows_by_kind(members, |ion| ion.species, |ion| &ion.node, moves);
    let mut all = Vec::with_capacity(of_kind.len());
    for (species, rows) in of_kind {
        let old = |&(part, index, row): &Row| (&parts[part].ions[index], row);
        for (new, &(part, index, row)) in rows.iter().enumerate() {
            moves[part].ions[index].0 = all.len() as u32;
            moves[part].ions[index].1[row] = new as u32;
        }
        all.push(IonBlock {
            species,
            rows: rows.len(),
            node: rows.iter().map(|at @ &(part, ..)| moves[part].nodes[old(at).0.node[at.2] as usize]).collect(),
            style: rows.iter().map(old).map(|(ion, row)| ion.style[row]).collect(),
            values: (0..IonField::ALL.len())
                .flat_map(|field| rows.iter().map(old).map(move |(ion, row)| ion.values[field * ion.rows + row]))
                .collect(),
        });
    }
    all
}

fn blocks(parts: &[Group], sends: &impl Fn(usize) -> bool, moves: &mut [Moved]) -> Vec<Block> {
    for (moved, part) in moves.iter_mut().zip(parts) {
        moved.blocks = part.blocks.iter().map(|block| (0, vec![0; block.rows])).collect();
    }
    let members = parts.iter().map(|part| part.blocks.as_slice());
    let of_kind = rows_by_kind(members, |block| block.mechanism, |block| &block.node, moves);
    let mut all = Vec::with_capacity(of_kind.len());
    for (mechanism, mut rows) in of_kind {
        let of_kind = |part: &Group| part.blocks.iter().position(|block| block.mechanism == mechanism);
        let Some(first) = parts.iter().find_map(|part| of_kind(part).map(|index| &part.blocks[index])) else {
            continue;
        };
        let old = |&(part, index, row): &Row| (&parts[part].blocks[index], row);
        if sends(mechanism) {
            // They stay with their cells.
            rows.sort_unstable();
        } else if first.is_point() {
            let node = |at: &Row| moves[at.0].nodes[old(at).0.node[at.2] as usize];
            rows = points::by_rank(rows, node);
        }
        for (new, &(part, index, row)) in rows.iter().enumerate() {
            moves[part].blocks[index].0 = all.len() as u32;
            moves[part].blocks[index].1[row] = new as u32;
        }
        let ions = (0..first.ions.len()).map(|at| {
            let moved = |row: &Row| {
                let reference = &old(row).0.ions[at];
                let (ion, rows) = &moves[row.0].ions[reference.ion];
                (*ion as usize, rows[reference.row[row.2] as usize])
            };
            IonReference {
                ion: rows.first().map_or(0, |row| moved(row).0),
                row: rows.iter().map(|row| moved(row).1).collect(),
            }
        });
        let columns = first.columns.len() / first.rows.max(1);
        all.push(Block {
            mechanism,
            rows: rows.len(),
            lanes: 1,
            columns: (0..columns)
                .flat_map(|column| {
                    rows.iter().map(old).map(move |(block, row)| block.columns[column * block.rows + row])
                })
                .collect(),
            globals: first.globals.clone(),
            node: rows.iter().map(|at @ &(part, ..)| moves[part].nodes[old(at).0.node[at.2] as usize]).collect(),
            diffusion: None,
            ions: ions.collect(),
            cell_of: if first.is_point() { rows.iter().map(|row| row.0 as u32).collect() } else { Vec::new() },
            instances: rows.iter().map(old).filter_map(|(block, row)| block.instances.get(row).copied()).collect(),
        });
    }
    all
}
