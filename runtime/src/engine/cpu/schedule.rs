//! Trees whose lanes fill no vectors: of the cells that are left, and of cells that are alone of their shape.
//!
//! Each elimination waits for those below it, and the division in it takes long. So compartments of the same distance from
//! the root, of different branches and different cells, are eliminated together: in vectors, where their values follow
//! each other in memory and those of their parents do, as the layout sees to (`layout::forest`). Siblings keep their order:
//! the bits are those of any other order of elimination from the leaves.

use super::super::Real;
use super::hines::{Lanes, load, store};
use crate::layout::Group;
use std::cmp::Reverse;

/// Trees that are solved in turn: more would not fit into the first cache.
const TREES: usize = 8;
/// Compartments of a vector, or of two where vectors are narrow.
const WIDE: usize = 8;
/// The same for what is left.
const NARROW: usize = 4;

/// The equations of some trees, in the order of their elimination.
pub(super) struct Schedule<R> {
    parts: Vec<Part<R>>,
}

/// Of a few trees.
struct Part<R> {
    runs: Vec<Run>,
    /// What links the compartments of the runs, one after the other, to their parents.
    a: Vec<R>,
    b: Vec<R>,
    diagonal: Vec<R>,
    roots: Vec<Root<R>>,
}

/// Compartments that follow each other, and so do their parents.
struct Run {
    node: u32,
    parent: u32,
    count: u32,
}

struct Root<R> {
    node: u32,
    diagonal: R,
}

impl<R: Real> Schedule<R> {
    /// Of the lanes from `first` on; `diagonal` is added to that of each node.
    pub(super) fn new(group: &Group, diagonal: &[f64], first: usize) -> Self {
        let places = places(group);
        let trees = places.iter().map(|place| place.tree + 1).max().unwrap_or(0);
        let lanes = first..group.lanes;
        let flat = |node: u32, lane: usize| node * group.lanes as u32 + lane as u32;
        let of_part = |trees: std::ops::Range<usize>| {
            let place = |node: u32| &places[node as usize];
            let mut order: Vec<u32> =
                group.order.iter().copied().filter(|&node| trees.contains(&place(node).tree)).collect();
            order.sort_by_key(|&node| (Reverse((place(node).depth, place(node).rank)), node));
            let mut part = Part::default();
            for (node, lane) in order.into_iter().flat_map(|node| lanes.clone().map(move |lane| (node, lane))) {
                let (at, parent, of) = (flat(node, lane), group.parent[node as usize], node as usize);
                if parent == node {
                    part.roots.push(Root { node: at, diagonal: R::new(diagonal[of]) });
                } else {
                    part.add((at, flat(parent, lane)), [group.a[of], group.b[of], diagonal[of]].map(R::new));
                }
            }
            part
        };
        let parts = match lanes.len() {
            0 => Vec::new(),
            count => {
                let step = (TREES / count).max(1);
                (0..trees).step_by(step).map(|tree| of_part(tree..(tree + step).min(trees))).collect()
            }
        };
        Self { parts }
    }

    /// As [`super::hines::Tree::advance`]; the equations are `ASSEMBLED` already or not.
    #[inline(always)]
    pub(super) fn advance<const ASSEMBLED: bool>(&self, v: &mut [R], rhs: &mut [R], d: &mut [R]) {
        for part in &self.parts {
            part.advance::<ASSEMBLED>(v, rhs, d);
        }
    }
}

/// Where a node stands.
#[derive(Clone, Copy, Default)]
struct Place {
    tree: usize,
    depth: u32,
    /// Number among its siblings.
    rank: u32,
}

fn places(group: &Group) -> Vec<Place> {
    let mut places = vec![Place::default(); group.nodes()];
    let mut children = vec![0; group.nodes()];
    let mut trees = 0;
    for &node in &group.order {
        let parent = group.parent[node as usize] as usize;
        places[node as usize] = if parent == node as usize {
            trees += 1;
            Place { tree: trees - 1, depth: 0, rank: 0 }
        } else {
            children[parent] += 1;
            Place { tree: places[parent].tree, depth: places[parent].depth + 1, rank: children[parent] - 1 }
        };
    }
    places
}

impl<R> Default for Part<R> {
    fn default() -> Self {
        Self { runs: Vec::new(), a: Vec::new(), b: Vec::new(), diagonal: Vec::new(), roots: Vec::new() }
    }
}

impl<R: Real> Part<R> {
    fn add(&mut self, (node, parent): (u32, u32), [a, b, diagonal]: [R; 3]) {
        self.a.push(a);
        self.b.push(b);
        self.diagonal.push(diagonal);
        match self.runs.last_mut() {
            // Children of one node do not follow each other.
            Some(run) if run.node + run.count == node && run.parent + run.count == parent => run.count += 1,
            _ => self.runs.push(Run { node, parent, count: 1 }),
        }
    }

    #[inline(always)]
    fn advance<const ASSEMBLED: bool>(&self, v: &mut [R], rhs: &mut [R], d: &mut [R]) {
        let mut first = 0;
        for run in &self.runs {
            let (node, parent, count) = run.places();
            let mut at = 0;
            while at + WIDE <= count {
                self.eliminate::<WIDE, ASSEMBLED>((node + at, parent + at, first + at), v, rhs, d);
                at += WIDE;
            }
            while at + NARROW <= count {
                self.eliminate::<NARROW, ASSEMBLED>((node + at, parent + at, first + at), v, rhs, d);
                at += NARROW;
            }
            for at in at..count {
                self.eliminate::<1, ASSEMBLED>((node + at, parent + at, first + at), v, rhs, d);
            }
            first += count;
        }
        for &Root { node, diagonal } in &self.roots {
            let node = node as usize;
            let change = rhs[node] / (d[node] + diagonal);
            rhs[node] = change;
            v[node] += change;
        }
        for run in self.runs.iter().rev() {
            let (node, parent, count) = run.places();
            first -= count;
            let mut at = 0;
            while at + WIDE <= count {
                self.substitute::<WIDE>((node + at, parent + at, first + at), v, rhs, d);
                at += WIDE;
            }
            while at + NARROW <= count {
                self.substitute::<NARROW>((node + at, parent + at, first + at), v, rhs, d);
                at += NARROW;
            }
            for at in at..count {
                self.substitute::<1>((node + at, parent + at, first + at), v, rhs, d);
            }
        }
    }

    /// `N` compartments from `node` on, whose parents are those from `parent` on; `at`: where their links are.
    #[inline(always)]
    fn eliminate<const N: usize, const ASSEMBLED: bool>(
        &self,
        (node, parent, at): (usize, usize, usize),
        v: &[R],
        rhs: &mut [R],
        d: &mut [R],
    ) {
        let (a, b): (Lanes<R, N>, Lanes<R, N>) = (load(&self.a, at), load(&self.b, at));
        let difference = if ASSEMBLED { Lanes([R::new(0.0); N]) } else { load(v, parent) - load(v, node) };
        let own = load(rhs, node) - b * difference;
        let inverse = Lanes([R::new(1.0); N]) / (load(d, node) + load(&self.diagonal, at));
        store(rhs, node, own);
        store(d, node, inverse);
        let p = a * inverse;
        store(rhs, parent, load(rhs, parent) + a * difference - p * own);
        store(d, parent, load(d, parent) - p * b);
    }

    #[inline(always)]
    fn substitute<const N: usize>(
        &self,
        (node, parent, at): (usize, usize, usize),
        v: &mut [R],
        rhs: &mut [R],
        d: &[R],
    ) {
        let b: Lanes<R, N> = load(&self.b, at);
        let change = (load(rhs, node) - b * load(rhs, parent)) * load(d, node);
        store(rhs, node, change);
        store(v, node, load(v, node) + change);
    }
}

impl Run {
    fn places(&self) -> (usize, usize, usize) {
        (self.node as usize, self.parent as usize, self.count as usize)
    }
}
