//! The NMODL compiler's command line; see [`codegen::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    codegen::cli::main()
}
