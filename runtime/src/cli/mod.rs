//! The program `runtime`: command line, messages, and the course of a run.

mod args;
mod check;
mod examine;
mod info;
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
use args::{Args, Command};
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
        (Some(command), _) => subcommand(command, &journal).map(Outcome::from),
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

/// Runs a subcommand; gives what it has to say.
fn subcommand(command: &Command, journal: &Journal) -> Result<String, Problems> {
    match command {
        Command::Check(args) => check::check(args, journal),
        Command::Info(args) => info::info(args),
        Command::Compare(args) => results::compare(args),
        Command::Plot(args) => results::plot(args),
    }
}
