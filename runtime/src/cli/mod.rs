//! The program `runtime`: command line, messages, and the course of a run.

mod args;
mod interruption;
mod journal;
mod load;
mod memory;
mod profile;
mod progress;
mod results;
mod run;
mod summary;

use crate::problem::{Problem, Problems};
use args::Args;
use clap::Parser;
use journal::Journal;
use run::Outcome;
use std::process::ExitCode;

/// Runs the program; gives its exit status.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("error: this is a bug in runtime: {panic}");
        eprintln!("  help: please report it, with the command and the model");
    }));
    let args = Args::parse();
    let journal = Journal::install(args.quiet);
    let outcome = match (&args.command, &args.config) {
        (Some(command), _) => results::run(command).map(Outcome::from),
        _ if args.list_devices => Ok(run::list_devices().into()),
        (None, Some(config)) => run::run(&args, config, &journal),
        (None, None) => Err(Problem::run("no configuration is given").into()),
    };
    match outcome {
        Ok(Outcome { text, interrupted }) => {
            if !args.quiet && !text.is_empty() {
                println!("{text}");
            }
            journal.log(&text);
            if interrupted { ExitCode::from(interruption::STATUS) } else { ExitCode::SUCCESS }
        }
        Err(problems) => {
            eprintln!("{problems}");
            journal.log(&problems.to_string());
            ExitCode::from(Problems::exit_status(&problems))
        }
    }
}
