//! The subcommands that look at results.

use super::args::{Compare, Plot};
use super::load::load_quietly;
use crate::analysis::{self, AnalysisError, Options, ResultFiles, Tolerances, Wanted};
use crate::problem::{Problem, Problems};
use sonata::config::Config;
use std::path::Path;

/// Compares two runs; gives what there is to say, and whether they agree.
///
/// # Errors
/// When results cannot be read, or two runs differ.
pub fn compare(args: &Compare) -> Result<String, Problems> {
    let tolerances = Tolerances { time: args.time_tolerance, value: args.tolerance };
    let comparison = analysis::compare(&args.a, &args.b, tolerances).map_err(problem)?;
    let verdict = comparison.verdict();
    if args.json {
        let answer = serde_json::json!({
            "agree": comparison.agrees(), "verdict": verdict, "first": comparison.first(),
            "tolerances": comparison.tolerances, "files": comparison.files,
        });
        println!("{answer:#}");
    }
    match comparison.agrees() {
        true if args.json => Ok(String::new()),
        true => Ok(format!("{comparison}{verdict}")),
        false => Err(Problem::model(verdict).note(comparison.to_string()).into()),
    }
}

/// Draws results.
///
/// # Errors
/// When they cannot be read, or there is nothing to be drawn.
pub fn plot(args: &Plot) -> Result<String, Problems> {
    let is_config = |path: &Path| path.extension().is_some_and(|ending| ending == "json");
    let config = match &args.config {
        Some(path) => Some(load_quietly(path)?),
        None if is_config(&args.results) => Some(load_quietly(&args.results)?),
        None => None,
    };
    let results = if is_config(&args.results) { config.as_ref().map(output) } else { None };
    let files = ResultFiles::find(results.as_deref().unwrap_or(&args.results)).map_err(problem)?;
    let time = match args.times[..] {
        [] => None,
        [from, to] if from < to => Some((from, to)),
        _ => return Err(Problem::run("--times: the end is not after the begin").into()),
    };
    for (name, value) in [("--bin", args.bin), ("--smooth", args.smooth)] {
        if value.is_some_and(|value| !(value > 0.0 && value.is_finite())) {
            return Err(Problem::run(format!("{name}: expected a time above 0 ms")).into());
        }
    }
    let options = Options {
        kinds: args.kind.clone(),
        populations: args.population.clone(),
        wanted: Wanted {
            node_sets: args.node_set.clone(),
            attribute: args.group_by.clone(),
            nodes: args.nodes.clone(),
        },
        variables: args.variable.clone(),
        elements: args.elements.clone(),
        average: args.average,
        time,
        bin: args.bin,
        smooth: args.smooth,
        histogram: !args.no_histogram,
        heat_map: args.heat_map,
        title: args.title.clone(),
        width: args.width,
    };
    analysis::plot(&files, config.as_ref(), &args.output, &options).map_err(problem)?;
    Ok(format!("drawn: {}", args.output.display()))
}

fn output(config: &Config) -> std::path::PathBuf {
    config.output.output_dir.clone()
}

fn problem(error: AnalysisError) -> Problem {
    Problem::run(error.to_string())
}
