//! Weights that follow from properties of both cells: BMTK's weight functions.

use super::populations::Population;
use crate::problem::Problem;
use sonata::attributes::Attributes;
use sonata::edges::EdgePopulation;

/// The function by which cells of similar tuning are connected more strongly.
pub const TUNED: &str = "gaussianLL";

/// Applies weight functions to the weights of an edge population.
///
/// # Errors
/// When an edge has the function and an attribute is missing that it needs.
pub fn apply(
    weights: &mut [f64],
    edges: &EdgePopulation,
    from: Population<'_>,
    to: Population<'_>,
) -> Result<(), Problem> {
    let attributes = edges.attributes();
    if !attributes.has("weight_function") {
        return Ok(());
    }
    for (row, weight) in weights.iter_mut().enumerate() {
        if attributes.opt_text(row, "weight_function")? != Some(TUNED) {
            continue;
        }
        let sigma = number(attributes, row, "weight_sigma", format!("edge {row}"))?;
        let angle = |population: Population<'_>, id: u64| {
            let name = population.nodes.name();
            let node =
                population.nodes.row(id).ok_or_else(|| Problem::model(format!("there is no node {id} in {name}")))?;
            number(population.nodes.attributes(), node, "tuning_angle", format!("node {id} of {name}"))
        };
        let (source, target) = (angle(from, edges.sources()[row])?, angle(to, edges.targets()[row])?);
        *weight = tuned(*weight, source, target, sigma);
    }
    Ok(())
}

fn number(attributes: &Attributes, row: usize, name: &str, who: String) -> Result<f64, Problem> {
    attributes
        .opt_f64(row, name)?
        .filter(|value| value.is_finite())
        .ok_or_else(|| Problem::model(format!("{who} has no `{name}`, which the weight function {TUNED} needs")))
}

/// The weight of a connection between cells of two preferred angles of movement, degrees: opposite ones count as the same.
fn tuned(weight: f64, source: f64, target: f64, sigma: f64) -> f64 {
    let difference = (((180.0 - (target - source).abs() % 360.0).abs() - 90.0).abs() - 90.0).abs();
    weight * (-(difference / sigma).powi(2)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposite_angles_are_the_same() {
        assert_eq!(tuned(2.0, 30.0, 210.0, 50.0), 2.0);
        assert_eq!(tuned(2.0, 30.0, 120.0, 90.0), 2.0 * (-1.0f64).exp());
        assert_eq!(tuned(1.0, 10.0, 350.0, 20.0), tuned(1.0, 0.0, 20.0, 20.0));
    }
}
