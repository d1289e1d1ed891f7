//! `runtime check`: all that is wrong with a model, before it is simulated.

use super::args::Check;
use super::examine::{Examined, Manner, examine};
use super::journal::Journal;
use super::summary::Summary;
use crate::problem::{Problems, count};
use serde_json::json;

/// Checks a model; gives what there is to say if nothing is wrong.
///
/// # Errors
/// All that is wrong.
pub fn check(args: &Check, journal: &Journal) -> Result<String, Problems> {
    let manner = Manner { mechanisms: &args.mechanisms, output: args.output.as_deref(), gpu: args.gpu };
    let Examined { built, problems, .. } = examine(&args.config, &manner);
    let summary = built.as_ref().map(|built| Summary {
        cells: built.model.network.cells.len() + built.model.network.artificial_cells.len(),
        compartments: built.layout.compartments(),
        synapses: built.model.network.netcons.len(),
        ..Summary::default()
    });
    let remarks = journal.remarks();
    if args.json {
        let size = summary.as_ref().map(|summary| {
            json!({"cells": summary.cells, "compartments": summary.compartments, "synapses": summary.synapses})
        });
        let answer = json!({
            "config": args.config, "ok": problems.is_empty(), "problems": problems, "remarks": remarks, "size": size,
        });
        println!("{answer:#}");
    }
    match (problems.is_empty(), summary) {
        (true, _) if args.json => Ok(String::new()),
        (true, Some(summary)) => {
            let warnings = remarks.iter().filter(|remark| remark.level == "warning").count();
            let warned = if warnings > 0 { format!(" ({})", count(warnings, "warning")) } else { String::new() };
            Ok(format!("{}: nothing wrong was found{warned}; {}", args.config.display(), summary.size()))
        }
        _ => Err(Problems(problems)),
    }
}
