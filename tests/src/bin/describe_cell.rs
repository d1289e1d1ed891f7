//! Prints the sections of a configuration's first cell as JSON: name, segments, parent, areas in um2, axial resistances in
//! MOhm. `tests/hoc_templates` compares them with NEURON's.

use anyhow::{Context, Result, anyhow};
use cell::{Cell, SectionId, SectionName};
use runtime::build::build;
use runtime::mechanisms::load_mechanisms;
use serde_json::{Value, json};
use sonata::Config;
use std::path::Path;

fn main() -> Result<()> {
    let path = std::env::args().nth(1).context("usage: describe_cell CONFIG")?;
    let (config, _) = Config::load(Path::new(&path)).map_err(|errors| anyhow!("{errors:?}"))?;
    let mechanisms = load_mechanisms(&config.components.mechanisms_dir).map_err(|problems| anyhow!("{problems}"))?;
    let model = build(&config, &mechanisms).map_err(|problems| anyhow!("{problems}"))?;
    let cell = &model.network.cells.first().context("there is no cell")?.cell;
    let sections = cell.all().into_iter().map(|id| section(cell, id)).collect::<Result<Vec<Value>>>()?;
    println!("{}", Value::from(sections));
    Ok(())
}

fn section(cell: &Cell, id: SectionId) -> Result<Value> {
    let section = cell.section(id);
    let geometry = section.geometry()?;
    let segments = section.nseg();
    let mut area = geometry.area[..segments].to_vec();
    let mut ri: Vec<f64> = geometry.conductance[..segments].iter().map(|g| 1.0 / g).collect();
    if section.is_reversed() {
        area.reverse();
        ri.reverse();
    }
    let parent = cell.connection(id).map(|connection| name(cell, connection.parent));
    Ok(json!({"name": name(cell, id), "nseg": segments, "parent": parent, "area": area, "ri": ri}))
}

/// Its name in its cell.
fn name(cell: &Cell, id: SectionId) -> String {
    SectionName { owner: None, ..cell.section(id).name().clone() }.to_string()
}
