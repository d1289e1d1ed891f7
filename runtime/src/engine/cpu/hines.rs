//! The tree: assembly of the cable equation and its solution.
//!
//! Source: Hines, Int. J. Bio-Med. Comput. 15 (1984) 69; the equations are those of NEURON's `nrn_rhs`, `nrn_lhs`
//! (`treeset.cpp`) and `solve.cpp`. A node is assembled when it is eliminated: what capacitance and axial resistance add
//! to its diagonal does not change, and its axial current is known then. All operations are on vectors of lanes as wide
//! as the machine's; none is fused, so that the width does not change a bit.

use super::super::Real;
use super::block::Nodes;
use super::schedule::Schedule;
use super::width::{Width, Work};
use crate::layout::Group;

/// The constant part of the equations of one shape.
pub(super) struct Tree<R> {
    lanes: usize,
    /// The nodes, the root first.
    links: Vec<Link<R>>,
    /// Lanes that do not fill a vector.
    rest: Schedule<R>,
    /// In NEURON's order of operations.
    assembly: Option<Assembly<R>>,
    width: Width,
}

/// A node and what links it to its parent.
#[derive(Clone, Copy)]
struct Link<R> {
    node: u32,
    parent: u32,
    a: R,
    b: R,
    /// What capacitance and axial resistance add to the diagonal, mA/cm2/mV.
    diagonal: R,
}

/// Lanes that are handled together, where there are so many: independent operations of two vectors hide how long each
/// takes.
const WIDE: usize = 16;
/// The same for what is left.
const NARROW: usize = 8;

impl<R: Real> Tree<R> {
    /// Of a group, with steps of `dt` (ms); `assembled` if all equations are to be assembled before any is eliminated,
    /// which rounds as NEURON does and takes longer.
    pub(super) fn new(group: &Group, dt: f64, assembled: bool) -> Self {
        let diagonal = if assembled { vec![0.0; group.nodes()] } else { group.diagonal(dt) };
        let link = |&node: &u32| {
            let at = node as usize;
            let [a, b, diagonal] = [group.a[at], group.b[at], diagonal[at]].map(R::new);
            Link { node, parent: group.parent[at], a, b, diagonal }
        };
        Self {
            lanes: group.lanes,
            links: group.order.iter().map(link).collect(),
            rest: Schedule::new(group, &diagonal, group.lanes / NARROW * NARROW),
            assembly: assembled.then(|| Assembly::new(group, dt)),
            width: Width::of_machine(),
        }
    }

    /// Adds capacitance and axial terms to `rhs` and `d`, solves for the change of potential, which replaces `rhs`, and
    /// adds it to the potential; `d` is used up.
    pub(super) fn advance(&self, nodes: &mut Nodes<R>) {
        self.width.run(Step { tree: self, nodes });
    }

    #[inline(always)]
    fn step(&self, nodes: &mut Nodes<R>) {
        let (lanes, count) = (self.lanes, self.links.len());
        let end = count * lanes;
        let Nodes { v, rhs, d, .. } = nodes;
        if count == 0 || [v.len(), rhs.len(), d.len()].iter().any(|&length| length != end) {
            return;
        }
        let mut state = State { v, rhs, d };
        match &self.assembly {
            None => self.solve_all::<false>(&mut state),
            Some(assembly) => {
                assembly.run(&mut state, lanes);
                self.solve_all::<true>(&mut state);
            }
        }
    }

    /// All lanes; the equations are `ASSEMBLED` already or not.
    #[inline(always)]
    fn solve_all<const ASSEMBLED: bool>(&self, state: &mut State<'_, R>) {
        let mut at = 0;
        while at + WIDE <= self.lanes {
            self.solve::<WIDE, ASSEMBLED>(state, at);
            at += WIDE;
        }
        while at + NARROW <= self.lanes {
            self.solve::<NARROW, ASSEMBLED>(state, at);
            at += NARROW;
        }
        self.rest.advance::<ASSEMBLED>(state.v, state.rhs, state.d);
    }

    /// The lanes from `at` on. Where a node's parent is the one before it, as it is but for branches, the parent's values
    /// stay in registers.
    #[inline(always)]
    fn solve<const N: usize, const ASSEMBLED: bool>(&self, state: &mut State<'_, R>, at: usize) {
        let place = |node: u32| node as usize * self.lanes + at;
        let [root, links @ ..] = self.links.as_slice() else { return };
        let mut own = state.row::<N>(place(self.links[links.len()].node));
        for (link, before) in links.iter().zip(&self.links).rev() {
            let (place_of_node, [a, b, diagonal]) = (place(link.node), link.lanes());
            let mut above = state.row::<N>(place(link.parent));
            // What is assembled has its axial currents.
            let difference = if ASSEMBLED { Lanes([R::new(0.0); N]) } else { above.v - own.v };
            let rhs = own.rhs - b * difference;
            let inverse = Lanes([R::new(1.0); N]) / (own.d + diagonal);
            store(state.rhs, place_of_node, rhs);
            store(state.d, place_of_node, inverse);
            let p = a * inverse;
            above.rhs = above.rhs + a * difference - p * rhs;
            above.d = above.d - p * b;
            own = if link.parent == before.node {
                above
            } else {
                store(state.rhs, place(link.parent), above.rhs);
                store(state.d, place(link.parent), above.d);
                state.row(place(before.node))
            };
        }
        let [.., diagonal] = root.lanes();
        let mut change = own.rhs / (own.d + diagonal);
        store(state.rhs, place(root.node), change);
        store(state.v, place(root.node), own.v + change);
        for (link, before) in links.iter().zip(&self.links) {
            let (place_of_node, [_, b, _]) = (place(link.node), link.lanes());
            let of_parent = if link.parent == before.node { change } else { load(state.rhs, place(link.parent)) };
            change = (load(state.rhs, place_of_node) - b * of_parent) * load(state.d, place_of_node);
            store(state.rhs, place_of_node, change);
            store(state.v, place_of_node, load(state.v, place_of_node) + change);
        }
    }
}

impl<R: Real> Link<R> {
    #[inline(always)]
    fn lanes<const N: usize>(&self) -> [Lanes<R, N>; 3] {
        [self.a, self.b, self.diagonal].map(|x| Lanes([x; N]))
    }
}

/// Equations assembled in NEURON's order: capacitances, then axial terms from the root.
struct Assembly<R> {
    capacitance: Vec<R>,
    /// Node, parent, and how they affect each other.
    links: Vec<(u32, u32, R, R)>,
}

impl<R: Real> Assembly<R> {
    fn new(group: &Group, dt: f64) -> Self {
        let link = |&node: &u32| {
            let (a, b) = (group.a[node as usize], group.b[node as usize]);
            (node, group.parent[node as usize], R::new(a), R::new(b))
        };
        Self {
            capacitance: group.capacitance(dt).into_iter().map(R::new).collect(),
            links: group.order.iter().map(link).filter(|(node, parent, ..)| node != parent).collect(),
        }
    }

    #[inline(always)]
    fn run(&self, state: &mut State<'_, R>, lanes: usize) {
        for (d, &capacitance) in state.d.chunks_exact_mut(lanes).zip(&self.capacitance) {
            d.iter_mut().for_each(|d| *d += capacitance);
        }
        for &(node, parent, a, b) in &self.links {
            for lane in 0..lanes {
                let (node, parent) = (node as usize * lanes + lane, parent as usize * lanes + lane);
                let difference = state.v[parent] - state.v[node];
                state.rhs[node] -= b * difference;
                state.d[node] -= b;
                state.rhs[parent] += a * difference;
                state.d[parent] -= a;
            }
        }
    }
}

/// [`Tree::advance`] as work for wide vectors.
struct Step<'a, R> {
    tree: &'a Tree<R>,
    nodes: &'a mut Nodes<R>,
}

impl<R: Real> Work for Step<'_, R> {
    #[inline(always)]
    fn run(self) {
        self.tree.step(self.nodes);
    }
}

/// Values of some lanes.
#[derive(Clone, Copy)]
pub(super) struct Lanes<R, const N: usize>(pub(super) [R; N]);

macro_rules! operator {
    ($trait:ident, $method:ident, $operator:tt) => {
        impl<R: Real, const N: usize> std::ops::$trait for Lanes<R, N> {
            type Output = Self;

            #[inline(always)]
            fn $method(mut self, other: Self) -> Self {
                for lane in 0..N {
                    self.0[lane] $operator other.0[lane];
                }
                self
            }
        }
    };
}

operator!(Add, add, +=);
operator!(Sub, sub, -=);
operator!(Mul, mul, *=);
operator!(Div, div, /=);

#[inline(always)]
pub(super) fn load<R: Real, const N: usize>(values: &[R], at: usize) -> Lanes<R, N> {
    let mut lanes = [R::new(0.0); N];
    lanes.copy_from_slice(&values[at..at + N]);
    Lanes(lanes)
}

#[inline(always)]
pub(super) fn store<R: Real, const N: usize>(values: &mut [R], at: usize, lanes: Lanes<R, N>) {
    values[at..at + N].copy_from_slice(&lanes.0);
}

/// The arrays of the equations.
struct State<'a, R> {
    v: &'a mut [R],
    rhs: &'a mut [R],
    d: &'a mut [R],
}

/// The equation of a node, for some lanes.
#[derive(Clone, Copy)]
struct Row<R, const N: usize> {
    v: Lanes<R, N>,
    rhs: Lanes<R, N>,
    d: Lanes<R, N>,
}

impl<R: Real> State<'_, R> {
    #[inline(always)]
    fn row<const N: usize>(&self, at: usize) -> Row<R, N> {
        Row { v: load(self.v, at), rhs: load(self.rhs, at), d: load(self.d, at) }
    }
}
