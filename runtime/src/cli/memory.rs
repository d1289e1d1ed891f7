//! An estimate of the memory that a network needs, made before it is asked for.

use crate::layout::{Group, Layout};
use crate::model::{NetCon, Network, NetworkCell, PointProcess};
use crate::problem::Problem;

/// Makes sure that `copies` of a network fit: into memory, as far as the system tells how much there
/// is, and into the engine's 32-bit indices.
///
/// # Errors
/// When they do not.
pub fn check_copies(network: &Network, layout: &Layout, copies: u32) -> Result<(), Problem> {
    let largest = [network.cells.len(), network.point_processes.len(), network.netcons.len(), network.probes.len()];
    let largest = largest.into_iter().max().unwrap_or(0) as u64 * u64::from(copies);
    if largest > u64::from(u32::MAX) {
        return Err(Problem::run(format!("{copies} copies of this network are too many"))
            .note(format!("they have {largest} cells, synapses or recorded values; {} are possible", u32::MAX)));
    }
    // The engine has the layout's arrays once more, which groups of the same cells share in the layout.
    let bytes = (network_bytes(network) + layout_bytes(layout)) as f64 * f64::from(copies);
    match available_memory() {
        Some(available) if bytes > available as f64 => {
            Err(Problem::run(format!("{copies} copies of this network need about {:.1} GB of memory", bytes / 1e9))
                .note(format!("{:.1} GB are available", available as f64 / 1e9))
                .help("simulate fewer copies"))
        }
        _ => Ok(()),
    }
}

/// Bytes that a run of a network takes at least: the network, its layout, and the arrays of the engine, which are those of
/// the layout once more.
pub fn bytes_of_run(network: &Network, layout: &Layout) -> usize {
    network_bytes(network) + 2 * layout_bytes(layout)
}

fn network_bytes(network: &Network) -> usize {
    network.cells.len() * size_of::<NetworkCell>()
        + network.point_processes.len() * size_of::<PointProcess>()
        + network.netcons.len() * size_of::<NetCon>()
        + size_of_val(network.probes.as_slice())
}

fn layout_bytes(layout: &Layout) -> usize {
    let targets = size_of_val(layout.targets.as_slice()) + size_of_val(layout.probes.as_slice());
    targets + layout.groups.iter().map(group_bytes).sum::<usize>()
}

/// Bytes of a group's arrays; node values have one element for each lane.
fn group_bytes(group: &Group) -> usize {
    const NODE_VALUES: usize = 8;
    let nodes = group.nodes() * group.lanes * NODE_VALUES * size_of::<f64>();
    let blocks = group.blocks.iter().map(|block| {
        let references: usize = block.ions.iter().map(|ion| size_of_val(ion.row.as_slice())).sum();
        size_of_val(block.columns.as_slice()) + size_of_val(block.node.as_slice()) + references
    });
    let ions = group.ions.iter().map(|ion| size_of_val(ion.values.as_slice()));
    nodes
        + blocks.sum::<usize>()
        + ions.sum::<usize>()
        + size_of_val(group.arguments.as_slice())
        + size_of_val(group.probes.as_slice())
}

/// Memory that can still be had, bytes; `None` where the system does not tell.
fn available_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
