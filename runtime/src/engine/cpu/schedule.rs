//! Trees without vectors: of the lanes that fill none, and of cells that are alone of their shape.
//!
//! Each elimination waits for those below it, and the division in it takes long. So compartments of the same depth, of
//! different branches and different cells, are eliminated in turn, and many divisions are under way at once. Siblings keep
//! their order: the bits are those of any other order of elimination from the leaves.

use super::super::Real;
use crate::layout::Group;
use std::cmp::Reverse;

/// Trees that are solved in turn: more would not fit into the first cache.
const TREES: usize = 8;

/// The equations of some trees, in the order of their elimination.
pub(super) struct Schedule<R> {
    parts: Vec<Part<R>>,
}

/// Of a few trees.
struct Part<R> {
    links: Vec<Link<R>>,
    roots: Vec<Root<R>>,
}

/// A compartment, its parent, and what links them.
struct Link<R> {
    node: u32,
    parent: u32,
    a: R,
    b: R,
    diagonal: R,
}

struct Root<R> {
    node: u32,
    diagonal: R,
}

impl<R: Real> Schedule<R> {
    /// Of the lanes from `first` on; `diagonal` is added to that of each node.
    pub(super) fn new(group: &Group, diagonal: &[f64], first: usize) -> Self {
        // Tree and depth of each node, in order.
        let mut places = vec![(0, 0); group.nodes()];
        let mut trees = 0;
        for &node in &group.order {
            let parent = group.parent[node as usize];
            places[node as usize] = if parent == node {
                trees += 1;
                (trees - 1, 0)
            } else {
                let (tree, depth) = places[parent as usize];
                (tree, depth + 1)
            };
        }
        let flat = |node: u32, lane: usize| node * group.lanes as u32 + lane as u32;
        let of_part = |lanes: std::ops::Range<usize>, trees: std::ops::Range<usize>| {
            let place = |node: &u32| places[*node as usize];
            let mut order: Vec<u32> =
                group.order.iter().copied().filter(|node| trees.contains(&place(node).0)).collect();
            order.reverse();
            order.sort_by_key(|node| Reverse(place(node).1));
            let mut part = Part { links: Vec::new(), roots: Vec::new() };
            for (node, lane) in order.into_iter().flat_map(|node| lanes.clone().map(move |lane| (node, lane))) {
                let (at, parent, of) = (flat(node, lane), group.parent[node as usize], node as usize);
                let diagonal = R::new(diagonal[of]);
                if parent == node {
                    part.roots.push(Root { node: at, diagonal });
                } else {
                    let (a, b) = (R::new(group.a[of]), R::new(group.b[of]));
                    part.links.push(Link { node: at, parent: flat(parent, lane), a, b, diagonal });
                }
            }
            part
        };
        let lanes = first..group.lanes;
        let parts = match lanes.len() {
            0 => Vec::new(),
            count => {
                let step = (TREES / count).max(1);
                (0..trees).step_by(step).map(|tree| of_part(lanes.clone(), tree..(tree + step).min(trees))).collect()
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

impl<R: Real> Part<R> {
    #[inline(always)]
    fn advance<const ASSEMBLED: bool>(&self, v: &mut [R], rhs: &mut [R], d: &mut [R]) {
        for &Link { node, parent, a, b, diagonal } in &self.links {
            let (node, parent) = (node as usize, parent as usize);
            let difference = if ASSEMBLED { R::new(0.0) } else { v[parent] - v[node] };
            let own = rhs[node] - b * difference;
            let inverse = R::new(1.0) / (d[node] + diagonal);
            rhs[node] = own;
            d[node] = inverse;
            let p = a * inverse;
            rhs[parent] = rhs[parent] + a * difference - p * own;
            d[parent] -= p * b;
        }
        for &Root { node, diagonal } in &self.roots {
            let node = node as usize;
            let change = rhs[node] / (d[node] + diagonal);
            rhs[node] = change;
            v[node] += change;
        }
        for &Link { node, parent, b, .. } in self.links.iter().rev() {
            let (node, parent) = (node as usize, parent as usize);
            let change = (rhs[node] - b * rhs[parent]) * d[node];
            rhs[node] = change;
            v[node] += change;
        }
    }
}
