//! Currents through the membrane, from potentials.
//!
//! After a step the current through the membrane of a compartment, capacitive and ionic and that of synapses together, is
//! what flows in along the dendrite at the new potentials, and what an electrode injects: so it needs no kernel of its
//! own and costs nothing where nobody asks. It is NEURON's `i_membrane_` (`CVode.use_fast_imem`), which is added up from
//! the equations of the step and the change of potential, and agrees to round-off.

use std::sync::Arc;

/// Samples that are looked at together, so that loops run over them.
pub const SAMPLES: usize = 8;

/// A value at several samples.
pub type Block = [f64; SAMPLES];

/// The conductances between the compartments of a kind of cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// Parent of each node; a root is its own.
    pub parent: Vec<u32>,
    /// Axial conductance to the parent, uS; 0 for a root.
    pub conductance: Vec<f64>,
}

/// The currents through the membrane of one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct MembraneCurrents {
    /// Its tree.
    pub tree: Arc<Tree>,
    /// The probe of the potential of node 0; those of the others follow.
    pub first_probe: usize,
    /// What electrodes inject, nA: node and probe of each.
    pub injected: Vec<(u32, usize)>,
}

impl MembraneCurrents {
    /// The outward current of each node, nA, at some samples: `sample(s, probe)` gives the value of a probe at one of
    /// them. Samples beyond `count` hold nothing.
    pub fn at(&self, count: usize, sample: impl Fn(usize, usize) -> f64, currents: &mut Vec<Block>) {
        let nodes = self.tree.parent.len();
        let value = |probe: usize| {
            let mut block = [0.0; SAMPLES];
            block.iter_mut().enumerate().take(count).for_each(|(s, value)| *value = sample(s, probe));
            block
        };
        let potentials: Vec<Block> = (0..nodes).map(|node| value(self.first_probe + node)).collect();
        currents.clear();
        currents.resize(nodes, [0.0; SAMPLES]);
        for (node, (&parent, &conductance)) in self.tree.parent.iter().zip(&self.tree.conductance).enumerate() {
            let parent = parent as usize;
            for s in 0..SAMPLES {
                let inward = conductance * (potentials[parent][s] - potentials[node][s]);
                currents[node][s] += inward;
                currents[parent][s] -= inward;
            }
        }
        for &(node, probe) in &self.injected {
            let injected = value(probe);
            let current = &mut currents[node as usize];
            current.iter_mut().zip(injected).for_each(|(current, injected)| *current += injected);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_flows_in_goes_out() {
        let tree = Arc::new(Tree { parent: vec![0, 0, 1, 1], conductance: vec![0.0, 0.5, 0.25, 2.0] });
        let membrane = MembraneCurrents { tree, first_probe: 1, injected: vec![(2, 0)] };
        let values = [[0.5, -60.0, -64.0, -70.0, -64.5], [0.0, 1.0, 2.0, 3.0, 4.0]];
        let mut currents = Vec::new();
        membrane.at(2, |sample, probe| values[sample][probe], &mut currents);
        let first: Vec<f64> = currents.iter().map(|current| current[0]).collect();
        assert_eq!(first, [-2.0, 2.0 - 1.5 - 1.0, 1.5 + 0.5, 1.0]);
        assert!(first.iter().sum::<f64>() - 0.5 == 0.0);
        assert_eq!(currents[1][1], -0.5 + 0.25 + 4.0);
        assert_eq!(currents[3][7], 0.0);
    }
}
