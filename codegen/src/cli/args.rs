//! Arguments.

use crate::back::Real;
use crate::build::BuildOptions;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Compiles NMODL mechanisms to Rust and WGSL kernels.
#[derive(Debug, Parser)]
#[command(name = "modgen", version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub compile: Compile,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile .mod files (the default)
    Compile(Compile),
    /// Report what is wrong with .mod files, write nothing; --units checks their units too
    Check(Check),
    /// Bring .mod files into house style, in place; files that cannot be parsed are left as they are
    Fmt(Fmt),
    /// Serve an editor by the Language Server Protocol, on standard input and output
    Lsp,
    /// Explain a diagnostic code such as M0101; all codes if none is given
    Explain {
        /// The code
        code: Option<String>,
    },
}

#[derive(Args, Debug)]
pub struct Compile {
    /// .mod files, or directories of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Directory for the generated crate, shaders and manifest
    #[arg(short, long, value_name = "DIR", default_value = "generated")]
    pub output: PathBuf,
    /// Print one form of the mechanisms to standard output instead of writing files
    #[arg(long, value_name = "FORM", conflicts_with = "build")]
    pub emit: Option<Form>,
    /// Also build the shared library, with rustc
    #[arg(long)]
    pub build: bool,
    /// 32-bit kernels, for --build and --emit wgsl
    #[arg(long)]
    pub single: bool,
    /// No fused multiply-add in the library: equal bits on CPU and GPU
    #[arg(long, requires = "build")]
    pub strict: bool,
    /// A library for any processor of this architecture, not this machine's alone
    #[arg(long, requires = "build")]
    pub portable: bool,
    /// Leave the kernels as the modeller wrote them
    #[arg(long)]
    pub no_optimise: bool,
    /// Leave exponentials and divisions as they are, so that results are NEURON's to the last digits
    #[arg(long)]
    pub no_rearrange: bool,
    /// Compute every routine exactly, also those with TABLE (NEURON: usetable_SUFFIX = 0)
    #[arg(long)]
    pub no_tables: bool,
    /// Form of the diagnostics: human to standard error, json to standard output, a line each
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
}

impl Compile {
    /// The real type asked for.
    pub fn real(&self) -> Real {
        if self.single { Real::F32 } else { Real::F64 }
    }

    /// What `--build` is to do.
    pub fn build_options(&self) -> BuildOptions {
        BuildOptions {
            real: self.real(),
            fused: !self.strict && !self.portable,
            native: !self.portable,
            cache_dir: self.output.clone(),
        }
    }
}

#[derive(Args, Debug)]
pub struct Check {
    /// .mod files, or directories of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Form of the diagnostics: human to standard error, json to standard output, a line each
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
    /// Also check that units agree, as NEURON's modlunit does; findings are warnings
    #[arg(long)]
    pub units: bool,
    /// Make an error of what is a warning: units (implies --units), or all warnings
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub deny: Vec<Deny>,
}

#[derive(Args, Debug)]
pub struct Fmt {
    /// .mod files, or directories of them
    #[arg(required_unless_present = "stdin", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write nothing: name the files that are not in house style, with status 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Format standard input to standard output
    #[arg(long, conflicts_with_all = ["paths", "check"])]
    pub stdin: bool,
}

/// Warnings that are to be errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Units that do not agree
    Units,
    /// All warnings
    Warnings,
}

/// What `--emit` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// The syntax tree
    Ast,
    /// The syntax tree as NMODL
    Nmodl,
    /// The mechanism IR
    Ir,
    /// The Rust module
    Rust,
    /// The WGSL functions
    Wgsl,
}

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// With source lines and carets
    Human,
    /// One JSON object a line
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn compile_is_the_default() {
        let arguments = Arguments::try_parse_from(["modgen", "mod", "-o", "out"]).expect("valid");
        assert!(arguments.command.is_none());
        assert_eq!(arguments.compile.output, PathBuf::from("out"));
        let named = Arguments::try_parse_from(["modgen", "compile", "mod"]).expect("valid");
        assert!(matches!(named.command, Some(Command::Compile(_))));
        assert!(Arguments::try_parse_from(["modgen", "check"]).is_err());
    }
}
