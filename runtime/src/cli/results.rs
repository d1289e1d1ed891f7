//! The subcommands that look at results.

use super::args::Command;
use crate::analysis::{AnalysisError, compare, plot};
use crate::problem::{Problem, Problems};

/// Runs a subcommand; gives what it has to say.
///
/// # Errors
/// When results cannot be read, or two runs differ.
pub fn run(command: &Command) -> Result<String, Problems> {
    match command {
        Command::Compare { a, b, time_tolerance, tolerance } => {
            let comparison = compare(a, b).map_err(problem)?;
            if comparison.agrees(*time_tolerance, *tolerance) {
                return Ok(format!("{comparison}the runs agree"));
            }
            let verdict = format!("the runs differ by more than {time_tolerance} ms or {tolerance}");
            Err(Problem::model(verdict).note(comparison.to_string().trim_end().to_owned()).into())
        }
        Command::Plot { results, output } => {
            plot(results, output).map_err(problem)?;
            Ok(format!("drawn: {}", output.display()))
        }
    }
}

fn problem(error: AnalysisError) -> Problem {
    Problem::run(error.to_string())
}
