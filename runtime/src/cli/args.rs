//! The command line.

use crate::analysis::{Elements, Ids, Kind};
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Simulates SONATA networks of biophysical neurons on the CPU or on a GPU.
///
/// The configuration is a SONATA simulation file as BMTK's BioNet reads it. Mechanisms are compiled
/// from the `.mod` files that it points to. Spikes, reports and a log go to its output directory.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "runtime",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit status: 0 done; 1 the model or its configuration is wrong, or two runs differ; 2 usage, files or devices; 130 interrupted, results so far are written."
)]
pub struct Args {
    /// What to do instead of simulating.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Simulation configuration (JSON).
    #[arg(value_name = "CONFIG", required_unless_present = "list_devices")]
    pub config: Option<PathBuf>,

    /// Run on a GPU.
    #[arg(long)]
    pub gpu: bool,

    /// Use the GPU whose name contains this text (see --list-devices).
    #[arg(long, value_name = "NAME", requires = "gpu")]
    pub adapter: Option<String>,

    /// List the GPUs that can be used, then exit.
    #[arg(long)]
    pub list_devices: bool,

    /// Reproduce another simulator's round-off: `neuron` takes its difference quotient for dI/dv and no
    /// fused multiply-add, computes each synapse by itself, and stamps spikes as it does.
    #[arg(long, value_name = "SIMULATOR")]
    pub compat: Option<Compat>,

    /// Compute rates exactly where a mechanism asks for a TABLE of them: NEURON's usetable_SUFFIX = 0.
    #[arg(long)]
    pub no_tables: bool,

    /// Precision of the arithmetic. Default: f64, or what the GPU can do.
    #[arg(long, value_name = "TYPE")]
    pub precision: Option<Precision>,

    /// No fused multiply-add: the CPU and a GPU give equal bits.
    #[arg(long)]
    pub strict: bool,

    /// How the CPU runs mechanisms: `compiled` by rustc, or `evaluated`, which needs no compiler and gives the same bits
    /// more slowly. Default: compiled where there is a compiler.
    #[arg(long, value_name = "KIND", conflicts_with = "gpu")]
    pub kernels: Option<KernelKind>,

    /// Threads of the CPU; 0 means one for each core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,

    /// Folder of `.mod` files to use instead of components.mechanisms_dir; may be given several times.
    #[arg(long, value_name = "DIR")]
    pub mechanisms: Vec<PathBuf>,

    /// Output directory, instead of output.output_dir.
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Replace the results of an earlier run. Without it, or `"overwrite_output_dir": true` in the configuration, they stay
    /// and nothing is simulated.
    #[arg(long)]
    pub overwrite: bool,

    /// Most cells of one kind that are advanced together; results do not depend on it. Default: on the CPU as many as its
    /// cache holds, also of different kinds; on a GPU as many of one kind as a workgroup's memory holds.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub group_size: Option<u32>,

    /// Simulate this many copies of the network side by side, check that all give the same, and
    /// write the results of the first.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub copies: u32,

    /// Tell where the time went and how near each kernel came to what the machine can do; draw it to profile.svg and write
    /// it to profile.folded in the output directory. With --gpu: tell what the GPU was asked to do, and what that takes at
    /// least on some GPUs.
    #[arg(long, conflicts_with = "check")]
    pub profile: bool,

    /// Read and build everything, report all problems, but do not simulate; see also `runtime check`.
    #[arg(long)]
    pub check: bool,

    /// Print nothing but warnings and errors.
    #[arg(long, short)]
    pub quiet: bool,
}

impl Args {
    /// Whether NEURON's round-off is to be reproduced.
    pub fn is_neuron(&self) -> bool {
        self.compat == Some(Compat::Neuron)
    }
}

/// Work on a model or on results instead of a simulation.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Read and build a model and tell all that is wrong with it, without simulating and without a compiler; exit status 1
    /// if anything is.
    Check(Check),
    /// Tell what is in a model, or in a file of nodes, edges, spikes, reports or potentials.
    Info(Info),
    /// Compare the spikes and reports of two runs; exit status 1 if they differ by more than is allowed.
    Compare(Compare),
    /// Draw results: spikes, rates, reports, potentials at electrodes.
    Plot(Box<Plot>),
}

/// What is checked.
#[derive(Clone, Debug, clap::Args)]
pub struct Check {
    /// Simulation configuration (JSON).
    #[arg(value_name = "CONFIG")]
    pub config: PathBuf,
    /// Answer in JSON, for tools.
    #[arg(long)]
    pub json: bool,
    /// Check that a GPU can run it, too.
    #[arg(long)]
    pub gpu: bool,
    /// Folder of `.mod` files to use instead of components.mechanisms_dir; may be given several times.
    #[arg(long, value_name = "DIR")]
    pub mechanisms: Vec<PathBuf>,
    /// Output directory, instead of output.output_dir.
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// What is described.
#[derive(Clone, Debug, clap::Args)]
pub struct Info {
    /// Simulation configuration (JSON), or an .h5 file.
    #[arg(value_name = "CONFIG|FILE")]
    pub path: PathBuf,
    /// Table of node or edge types that belongs to a file of nodes or edges.
    #[arg(long, value_name = "FILE.csv")]
    pub types: Option<PathBuf>,
    /// Answer in JSON, for tools.
    #[arg(long)]
    pub json: bool,
    /// Folder of `.mod` files to use instead of components.mechanisms_dir; may be given several times.
    #[arg(long, value_name = "DIR")]
    pub mechanisms: Vec<PathBuf>,
}

/// What is compared.
#[derive(Clone, Debug, clap::Args)]
pub struct Compare {
    /// Output directory of a run, of this program or another one, or a file of one.
    pub a: PathBuf,
    /// The same of another run.
    pub b: PathBuf,
    /// Largest allowed difference of spike times, ms.
    #[arg(long, value_name = "MS", default_value_t = 1e-6)]
    pub time_tolerance: f64,
    /// Largest allowed difference of reported values, in their unit.
    #[arg(long, value_name = "X", default_value_t = 1e-6)]
    pub tolerance: f64,
    /// Answer in JSON, for tools.
    #[arg(long)]
    pub json: bool,
}

/// What is drawn.
#[derive(Clone, Debug, clap::Args)]
pub struct Plot {
    /// Output directory of a run, a file of one, or its configuration, from which it is known who the nodes are.
    #[arg(value_name = "RESULTS|CONFIG")]
    pub results: PathBuf,
    /// The picture.
    #[arg(long, short, value_name = "FILE.svg|FILE.png", default_value = "plot.svg")]
    pub output: PathBuf,
    /// Kinds of pictures, below each other. Default: all that there are results for.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub kind: Vec<Kind>,
    /// Only these populations.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub population: Vec<String>,
    /// Only these nodes, or channels of electrodes: `0-9,12`.
    #[arg(long, value_name = "IDS")]
    pub nodes: Option<Ids>,
    /// Node sets of the configuration, a colour for each.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub node_set: Vec<String>,
    /// A colour for each value of this attribute of the nodes, such as node_type_id.
    #[arg(long, value_name = "ATTRIBUTE", conflicts_with = "node_set")]
    pub group_by: Option<String>,
    /// The configuration, where RESULTS is another place.
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<PathBuf>,
    /// Only reports of these variables.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub variable: Vec<String>,
    /// Elements of each node: `first` (the soma, mostly), `all`, or ids of sections.
    #[arg(long, value_name = "WHICH", default_value = "first")]
    pub elements: Elements,
    /// Draw the mean of each group of nodes, before pale traces.
    #[arg(long)]
    pub average: bool,
    /// Begin and end, ms.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    pub times: Vec<f64>,
    /// Width of the bins of rates, ms. Default: about a hundred bins.
    #[arg(long, value_name = "MS")]
    pub bin: Option<f64>,
    /// Smooth rates with a Gaussian of this standard deviation, ms.
    #[arg(long, value_name = "MS")]
    pub smooth: Option<f64>,
    /// No rates below a raster.
    #[arg(long)]
    pub no_histogram: bool,
    /// Draw potentials at electrodes as a map of channels and time.
    #[arg(long)]
    pub heat_map: bool,
    /// A heading.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Width of the picture, pixels; a PNG has twice as many.
    #[arg(long, value_name = "PIXELS", default_value_t = 1100, value_parser = clap::value_parser!(u32).range(400..=8000))]
    pub width: u32,
}

/// A simulator whose round-off can be reproduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compat {
    /// NEURON 9, fixed step.
    Neuron,
}

/// What runs mechanisms on the CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KernelKind {
    /// Code that rustc makes of them, kept between runs.
    Compiled,
    /// Programs of this program's own.
    Evaluated,
}

/// The real type of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Precision {
    /// 64-bit.
    F64,
    /// 32-bit.
    F32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn subcommands_have_options_of_their_own() {
        let parse = |line: &str| Args::try_parse_from(line.split(' ')).map(|args| args.command);
        let Ok(Some(Command::Plot(plot))) =
            parse("runtime plot out --kind raster,rates --times 10 20.5 --nodes 0-3 --elements all")
        else {
            panic!("not a plot")
        };
        assert_eq!((plot.kind, plot.times), (vec![Kind::Raster, Kind::Rates], vec![10.0, 20.5]));
        assert!(plot.nodes.unwrap().has(3) && plot.elements == Elements::All);
        assert!(parse("runtime plot out --times 10").is_err());
        assert!(parse("runtime plot out --nodes x").is_err());
        assert!(matches!(parse("runtime check c.json --json"), Ok(Some(Command::Check(Check { json: true, .. })))));
        assert!(matches!(parse("runtime info spikes.h5"), Ok(Some(Command::Info(_)))));
    }

    #[test]
    fn a_configuration_is_needed_unless_devices_are_listed() {
        assert!(Args::try_parse_from(["runtime"]).is_err());
        assert!(Args::try_parse_from(["runtime", "--list-devices"]).is_ok());
        let args = Args::try_parse_from(["runtime", "--compat", "neuron", "c.json"]).unwrap();
        assert_eq!(args.compat, Some(Compat::Neuron));
        assert!(Args::try_parse_from(["runtime", "--copies", "0", "c.json"]).is_err());
        assert!(Args::try_parse_from(["runtime", "compare", "a", "b"]).is_ok());
        assert!(Args::try_parse_from(["runtime", "--gpu", "compare", "a", "b"]).is_err());
        assert!(Args::try_parse_from(["runtime", "--adapter", "x", "c.json"]).is_err());
    }
}
