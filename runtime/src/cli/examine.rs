//! A model, read and built as far as that goes, with all that is wrong with it.

use super::load::inspect;
use super::run::{folders, layout_options, tell_refused};
use crate::backend::{self, Choice};
use crate::build::{self, Model};
use crate::engine::TimeAxis;
use crate::events::Router;
use crate::layout::{self, Grouping, Layout};
use crate::mechanisms::{Mechanisms, load_mechanisms};
use crate::problem::Problem;
use crate::results::Output;
use sonata::config::Config;
use std::path::{Path, PathBuf};

/// How a model is looked at.
#[derive(Clone, Debug, Default)]
pub struct Manner<'a> {
    /// Folders of `.mod` files, in place of the configuration's.
    pub mechanisms: &'a [PathBuf],
    /// Where results would go, in place of the configuration's folder.
    pub output: Option<&'a Path>,
    /// Whether a GPU is to run it.
    pub gpu: bool,
}

/// What was found.
pub struct Examined {
    /// The configuration, if there is one.
    pub config: Option<Config>,
    /// The model, if it could be built.
    pub built: Option<Built>,
    /// All that is wrong.
    pub problems: Vec<Problem>,
}

/// A model that could be built.
pub struct Built {
    /// Network, reports.
    pub model: Model,
    /// Its arrays.
    pub layout: Layout,
    /// Its connections.
    pub router: Router,
}

/// Looks at the model of a configuration. Kernels are not compiled.
pub fn examine(path: &Path, manner: &Manner<'_>) -> Examined {
    let (config, problems) = inspect(path);
    let mut examined = Examined { config: None, built: None, problems };
    let Some(mut config) = config else { return examined };
    if let Some(directory) = manner.output {
        Output::redirect(&mut config, directory);
    }
    examined.problems.extend(Output::of(&config).problems(&config));
    match load_mechanisms(&folders(manner.mechanisms, &config)) {
        Ok(mechanisms) => match built(&config, &mechanisms, manner) {
            Ok(built) => examined.built = Some(built),
            Err(problems) => examined.problems.extend(problems),
        },
        Err(problems) => examined.problems.extend(problems.0),
    }
    examined.config = Some(config);
    examined
}

fn built(config: &Config, mechanisms: &Mechanisms, manner: &Manner<'_>) -> Result<Built, Vec<Problem>> {
    let model = build::build(config, mechanisms).map_err(|problems| problems.0)?;
    tell_refused(mechanisms);
    let grouping = match manner.gpu {
        true => Grouping::Device { real: size_of::<f64>() },
        false => Grouping::Cache { threads: 1, real: size_of::<f64>() },
    };
    let one = |problem: Problem| vec![problem];
    let layout = layout::build(&model.network, &mechanisms.manifests, layout_options(config, grouping, true))
        .map_err(|error| one(Problem::model(error.to_string())))?;
    let router = Router::new(&model.network, &layout);
    if manner.gpu {
        let choice = Choice { gpu: true, ..Choice::default() };
        backend::open(&choice, &layout, mechanisms, &TimeAxis::new(config.run.dt)).map_err(one)?;
    }
    Ok(Built { model, layout, router })
}
