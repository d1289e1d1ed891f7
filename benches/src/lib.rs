//! What benchmarks share: the oscillator, laid out and opened on an engine.

use anyhow::{Context, Result, anyhow};
use runtime::backend::{self, Choice};
use runtime::build::build;
use runtime::engine::{Engine, TimeAxis};
use runtime::layout::{self, Layout};
use runtime::mechanisms::load_mechanisms;
use sonata::Config;
use std::path::Path;

/// A network on an engine, at t = 0.
pub struct Bench {
    /// The engine.
    pub engine: Box<dyn Engine>,
    /// Its layout.
    pub layout: Layout,
    /// Compartments with a membrane.
    pub compartments: u64,
}

/// Opens `copies` oscillators side by side, in groups of at most `group_size` cells (0: no limit).
///
/// # Errors
/// When the example cannot be built, or the engine not be opened.
pub fn oscillator(copies: usize, group_size: usize, choice: &Choice) -> Result<Bench> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/hco/config.json");
    let (config, _) = Config::load(&path).map_err(|errors| anyhow!("{errors:?}"))?;
    let mechanisms = load_mechanisms(&config.components.mechanisms_dir).map_err(|problems| anyhow!("{problems}"))?;
    let network = build(&config, &mechanisms).map_err(|problems| anyhow!("{problems}"))?.network.copied(copies);
    let options = layout::Options {
        grouping: layout::Grouping::Cells(group_size),
        dt: config.run.dt,
        celsius: config.conditions.celsius.context("celsius")?,
        v_init: config.conditions.v_init.context("v_init")?,
        superpose: true,
    };
    let layout = layout::build(&network, &mechanisms.manifests, options)?;
    let axis = TimeAxis::new(config.run.dt);
    let mut engine = backend::open(choice, &layout, &mechanisms, &axis).map_err(|problem| anyhow!("{problem}"))?;
    engine.initialise()?;
    let compartments = layout.compartments() as u64;
    Ok(Bench { engine, layout, compartments })
}
