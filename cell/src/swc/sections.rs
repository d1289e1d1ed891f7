//! Points to unbranched sections: `sectionify` and `mksections` of NEURON's Import3d.

use super::SwcError;
use super::read::SwcPoint;

/// An unbranched run of points of one type.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The type of its points.
    pub kind: i64,
    /// The section that it is connected to; `None` for the root.
    pub parent: Option<usize>,
    /// Where on the parent: 0, 0.5 or 1.
    pub x: f64,
    /// Places and diameters, um. The first point of all but the root is the parent's.
    pub points: Vec<([f64; 3], f64)>,
    /// The first point does not belong to the section: it is connected to it by a line without membrane.
    pub wired: bool,
    /// Index of its first own point.
    pub first: usize,
}

impl Branch {
    /// Indices of the points of the file that it is made of.
    pub fn rows(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.points.len() - usize::from(self.parent.is_some())
    }

    /// The points that the section has.
    pub fn own(&self) -> &[([f64; 3], f64)] {
        &self.points[usize::from(self.wired).min(self.points.len())..]
    }
}

/// How the points fall into sections.
struct Division {
    /// Children of each point that are soma, for points that are soma.
    soma_children: Vec<usize>,
    /// Points whose section begins where their parent's section begins.
    to_beginning: Vec<bool>,
    /// The last point of each section.
    ends: Vec<usize>,
    /// The section of each point.
    section: Vec<usize>,
    /// The soma is three points that stand for a sphere.
    sphere: bool,
}

/// The sections in the order of the file, without those of no length.
pub fn of(points: &[SwcPoint]) -> Result<Vec<Branch>, SwcError> {
    let division = Division::of(points);
    let mut branches: Vec<Branch> = Vec::with_capacity(division.ends.len());
    let mut first = 0;
    for &end in &division.ends {
        let branch = match points[first].parent {
            None => root(points, first, if division.sphere { first } else { end }),
            Some(parent) => branch(points, &division, &branches, first..end + 1, parent),
        };
        branches.push(branch);
        first = end + 1;
    }
    drop_empty(&mut branches);
    if let Some(branch) = branches.iter().find(|branch| branch.own().is_empty()) {
        return Err(SwcError::new(points[branch.first].line, "the section that ends here has no points of its own"));
    }
    Ok(branches)
}

impl Division {
    fn of(points: &[SwcPoint]) -> Self {
        let count = points.len();
        let mut parent: Vec<Option<usize>> = points.iter().map(|point| point.parent).collect();
        let soma = |index: usize| points[index].kind == 1;
        // A child that follows its parent directly counts 1, others more, so that a section ends wherever the sum is not 1.
        let mut children = vec![0.0; count];
        let mut to_beginning = vec![false; count];
        for i in 0..count {
            let Some(p) = parent[i] else { continue };
            children[p] += 1.0;
            if p + 1 != i {
                children[p] += 0.01;
                let begins = match parent[p] {
                    // The parent is the first point of a section that a line connects to the soma.
                    Some(before) if p > 1 => !soma(p) && soma(before),
                    _ => p == 0 && !soma(p),
                };
                if begins {
                    to_beginning[i] = true;
                    children[p] = 1.0;
                }
            }
            if points[p].kind != points[i].kind {
                children[p] += 0.01;
            }
        }
        let mut soma_children = vec![0; count];
        for (i, p) in parent.iter().enumerate() {
            if let Some(p) = p.filter(|&p| soma(i) && soma(p)) {
                soma_children[p] += 1;
            }
        }
        let somata = (0..count).filter(|&i| soma(i)).count();
        let sphere = somata == 3 && is_sphere(points, &children);
        if sphere {
            parent[2] = Some(1);
        }
        for i in 0..count.saturating_sub(1) {
            if soma(i) && soma(i + 1) && parent[i + 1] == Some(i) && (i == 0 || soma_children[i] <= 1) {
                children[i] = 1.0;
            }
        }
        let mut ends: Vec<usize> = (0..count).filter(|&i| children[i] != 1.0).collect();
        if ends.last() != Some(&(count - 1)) {
            ends.push(count - 1);
        }
        let mut section = vec![0; count];
        for i in 1..count {
            section[i] = section[i - 1] + usize::from(i > ends[section[i - 1]]);
        }
        Self { soma_children, to_beginning, ends, section, sphere }
    }
}

/// Whether the first three points are NeuroMorpho.org's notation for a sphere: two points without branches, at opposite
/// sides of the first at its radius.
fn is_sphere(points: &[SwcPoint], children: &[f64]) -> bool {
    let [centre, a, b, ..] = points else { return false };
    let around = [a, b].map(|point| (0..3).map(|k| (point.at[k] - centre.at[k]).powi(2)).sum::<f64>().sqrt());
    [a, b].iter().all(|point| point.parent == Some(0) && point.diam == centre.diam)
        && children[1] == 0.0
        && children[2] == 0.0
        && ((around[0] + around[1]) / centre.diam - 1.0).abs() < 0.01
}

fn root(points: &[SwcPoint], first: usize, end: usize) -> Branch {
    Branch {
        kind: points[first].kind,
        parent: None,
        x: 1.0,
        points: points[first..=end].iter().map(|point| (point.at, point.diam)).collect(),
        wired: false,
        first,
    }
}

fn branch(
    points: &[SwcPoint],
    division: &Division,
    branches: &[Branch],
    own: std::ops::Range<usize>,
    parent: usize,
) -> Branch {
    let first = own.start;
    let on = division.section[parent];
    let section = &branches[on];
    let (from_soma, is_soma) = (section.kind == 1, points[first].kind == 1);
    let several = own.len() > 1;
    let goes_on = division.soma_children[parent] > 1;
    let (mut x, mut wired) = (1.0, false);
    if on == 0 && from_soma && !is_soma && section.points.len() == 1 {
        (x, wired) = (0.5, several);
    } else if on == 0 && parent == section.first {
        (x, wired) = (0.0, !is_soma && goes_on);
    } else if from_soma {
        let count = section.points.len() - usize::from(section.parent.is_some());
        if parent + 1 < section.first + count {
            (x, wired) = (0.5, !is_soma && several);
        } else if several && goes_on {
            wired = !is_soma;
        }
    }
    let mut own: Vec<_> = own.map(|i| (points[i].at, points[i].diam)).collect();
    let diam = if from_soma && !is_soma { own[0].1 } else { points[parent].diam };
    own.insert(0, (points[parent].at, diam));
    if division.to_beginning[first] {
        x = 0.0;
    }
    Branch { kind: points[first].kind, parent: Some(on), x, points: own, wired, first }
}

/// Takes out sections, other than the root, of one point or of two at the same place.
pub(crate) fn drop_empty(branches: &mut Vec<Branch>) {
    for index in (0..branches.len()).rev() {
        let Branch { parent, x, .. } = branches[index];
        let empty = match branches[index].own() {
            [] | [_] => true,
            [(a, _), (b, _)] => a == b,
            _ => false,
        };
        if parent.is_none() || !empty {
            continue;
        }
        branches.remove(index);
        for branch in branches.iter_mut() {
            if branch.parent == Some(index) {
                (branch.parent, branch.x) = (parent, x);
            }
            branch.parent = branch.parent.map(|other| if other > index { other - 1 } else { other });
        }
    }
}
