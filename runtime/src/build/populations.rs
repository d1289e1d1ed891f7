//! Node populations, and the cells that their nodes are.

use crate::problem::{Problem, list};
use sonata::nodes::NodePopulation;
use std::path::PathBuf;

/// What a node is in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A cell with a membrane: its index in the network.
    Cell(u32),
    /// An artificial cell: its index among these in the network.
    Artificial(u32),
    /// A source of given spikes.
    Virtual,
    /// A cell that could not be made, which was told: the model is wrong, and the rest is looked at for more mistakes.
    Unmade,
}

/// What became of the nodes of a population.
#[derive(Clone, Debug)]
pub struct Members {
    /// The file that the population comes from.
    pub file: PathBuf,
    /// What each row is.
    pub kinds: Vec<Node>,
    /// Added to a node id, gives the gid, with which BMTK seeds random placement.
    pub gid_offset: u64,
}

/// A population of nodes.
#[derive(Clone, Copy, Debug)]
pub struct Population<'a> {
    /// Ids and attributes.
    pub nodes: &'a NodePopulation,
    /// What its nodes are.
    pub members: &'a Members,
}

impl Population<'_> {
    /// What a node is; `None` if there is no such node.
    pub fn node(self, id: u64) -> Option<Node> {
        self.nodes.row(id).map(|row| self.members.kinds[row])
    }

    /// Whether all its nodes are virtual.
    pub fn is_virtual(self) -> bool {
        self.members.kinds.iter().all(|kind| *kind == Node::Virtual)
    }
}

/// All populations of a network, in the order of the configuration.
#[derive(Debug, Default)]
pub struct Populations {
    nodes: Vec<NodePopulation>,
    members: Vec<Members>,
}

impl Populations {
    /// Adds a population.
    pub fn push(&mut self, nodes: NodePopulation, members: Members) {
        self.nodes.push(nodes);
        self.members.push(members);
    }

    /// Ids and attributes of all of them.
    pub fn nodes(&self) -> &[NodePopulation] {
        &self.nodes
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Population<'_>> {
        self.nodes.iter().zip(&self.members).map(|(nodes, members)| Population { nodes, members })
    }

    /// The population of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(&self, name: &str) -> Result<Population<'_>, Problem> {
        self.iter().find(|population| population.nodes.name() == name).ok_or_else(|| {
            let names: Vec<&str> = self.nodes.iter().map(NodePopulation::name).collect();
            let problem = Problem::model(format!("there is no node population `{name}`"));
            match sonata::suggest::nearest(name, names.iter().copied()) {
                Some(nearest) => problem.help(format!("did you mean `{nearest}`?")),
                None => problem.help(format!("the populations are: {}", list(&names))),
            }
        })
    }

    /// The offset that makes gids of the node ids of the next population: one more than the highest gid so far.
    pub fn next_gid(&self) -> u64 {
        self.iter()
            .last()
            .map_or(0, |last| last.members.gid_offset + last.nodes.ids().iter().max().map_or(0, |highest| highest + 1))
    }
}
