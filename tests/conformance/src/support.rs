//! What of NMODL is supported: a list of constructs with an example each, and the table made from it.
//!
//! The list says nothing of what is supported: each example is compiled, and `docs/NMODL.md` tells what came of it on
//! either back end, with the code of the diagnostic.

use crate::shader;
use codegen::back::Real;
use codegen::{Options, compile};
use nmodl_parser::SourceFile;
use std::fmt::Write;
use std::path::Path;

mod features;

pub use features::FEATURES;

/// A construct.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// What it is, in Markdown.
    pub construct: &'static str,
    /// An example of it.
    pub example: Example,
    /// What a user should know.
    pub remark: &'static str,
}

/// An example, as much of it as matters.
#[derive(Clone, Copy, Debug)]
pub enum Example {
    /// A whole file.
    File(&'static str),
    /// Blocks of a density mechanism with current `i`, variables `a`, `y`, array `w[3]` and states `m`, `h`.
    Blocks(&'static str),
    /// A statement of its BREAKPOINT.
    Statement(&'static str),
    /// Blocks of a point process with the same names.
    Point(&'static str),
    /// A statement of its NET_RECEIVE.
    Event(&'static str),
    /// A statement of the NEURON block.
    Neuron(&'static str),
}

impl Example {
    /// The whole file.
    pub fn text(&self) -> String {
        let names = "PARAMETER { a = 1 } ASSIGNED { v i y w[3] } STATE { m h }";
        match self {
            Example::File(text) => (*text).to_owned(),
            Example::Blocks(text) => format!("NEURON {{ SUFFIX x RANGE y NONSPECIFIC_CURRENT i }}\n{names}\n{text}\n"),
            Example::Statement(text) => Example::Blocks("").text() + &format!("BREAKPOINT {{ i = 0\n{text}\n}}\n"),
            Example::Point(text) => {
                format!("NEURON {{ POINT_PROCESS x RANGE y NONSPECIFIC_CURRENT i }}\n{names}\n{text}\n")
            }
            Example::Event(text) => Example::Point("").text() + &format!("NET_RECEIVE(weight) {{\n{text}\n}}\n"),
            Example::Neuron(text) => format!("NEURON {{ SUFFIX x\n{text}\n}}\nASSIGNED {{ v }}\n"),
        }
    }
}

/// What came of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// It compiles for the CPU.
    pub cpu: bool,
    /// It compiles for the GPU.
    pub gpu: bool,
    /// Codes of the diagnostics, each once.
    pub codes: Vec<&'static str>,
}

impl Feature {
    /// Compiles the example.
    pub fn support(&self) -> Support {
        // INCLUDE is followed in files: `x.inc` lies in the folder that this one is taken to be in.
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/support/x.mod");
        let source = SourceFile::with_includes(&path, self.example.text());
        let (mechanism, diagnostics) = compile(&source, &Options::default());
        let mut codes: Vec<&str> = Vec::new();
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.is_error() || mechanism.is_some()) {
            if !codes.contains(&diagnostic.code) && !BESIDE.contains(&diagnostic.code) {
                codes.push(diagnostic.code);
            }
        }
        let gpu = mechanism.as_ref().is_some_and(|mechanism| {
            [Real::F32, Real::F64].into_iter().all(|real| shader::check(mechanism, real).is_ok())
        });
        Support { cpu: mechanism.is_some(), gpu, codes }
    }
}

/// Warnings that say something of the bare examples, not of the construct: a current without a value, an equation
/// without SOLVE.
const BESIDE: [&str; 2] = ["M0304", "M0382"];

const HEAD: &str = "\
# What of NMODL is supported

Each construct was compiled for both back ends; this document is made from the answers, by
`cargo run -p conformance --bin documents`. A code is that of the refusal, or of a warning if the construct is accepted;
`modgen explain CODE` tells more. Numbers agree with NEURON's as [DIFFERENCES.md](DIFFERENCES.md) says.

";

/// `docs/NMODL.md`.
pub fn document() -> String {
    let mut out = HEAD.to_owned();
    for (title, features) in FEATURES {
        let _ = writeln!(out, "## {title}\n\n| construct | CPU | GPU | code | remark |\n|---|---|---|---|---|");
        for feature in *features {
            let Support { cpu, gpu, codes } = feature.support();
            let word = |yes: bool| if yes { "yes" } else { "no" };
            let (construct, remark, codes) = (feature.construct, feature.remark, codes.join(", "));
            let _ = writeln!(out, "| {construct} | {} | {} | {codes} | {remark} |", word(cpu), word(gpu));
        }
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_construct_has_a_code() {
        for feature in FEATURES.iter().flat_map(|(_, features)| *features) {
            let support = feature.support();
            assert!(support.cpu || !support.codes.is_empty(), "{}: {support:?}", feature.construct);
        }
    }

    #[test]
    fn what_is_refused_is_refused_for_what_it_is() {
        // A mistake in an example would pass for a missing construct.
        for feature in FEATURES.iter().flat_map(|(_, features)| *features) {
            let support = feature.support();
            let mistake = support.codes.first().is_some_and(|code| code.starts_with("M02")) && !support.cpu;
            assert!(!mistake, "{}: {support:?}\n{}", feature.construct, feature.example.text());
        }
    }
}
