//! Files of gap junctions, which a network has beside its edges: `<population>_gap_juncs.h5`.
//!
//! The edges say everything that a simulation needs; the files number both sides of each gap junction.

use crate::error::Error;
use crate::h5::File;
use std::collections::HashSet;
use std::path::Path;

/// The gap junctions of a population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapJunctions {
    /// The population, from the name of the file.
    pub population: String,
    /// Source and target nodes.
    pub pairs: HashSet<[u64; 2]>,
}

const END: &str = "_gap_juncs.h5";

/// Reads a file.
///
/// # Errors
/// When it cannot be read, its name has no population, or its datasets differ in length.
pub fn read(path: &Path) -> Result<GapJunctions, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = File::open(path)?;
    let broken = |message: String| Error::BadRow { file: path.to_owned(), object: "/".to_owned(), row: 0, message };
    let Some(population) = name.strip_suffix(END) else {
        return Err(broken(format!(
            "its name is not that of a population and `{END}`, by which its population is known"
        )));
    };
    let sources = file.read_u64("/source_ids")?;
    let targets = file.read_u64("/target_ids")?;
    for dataset in ["/source_ids", "/src_gap_ids", "/trg_gap_ids"] {
        let length = file.read_u64(dataset)?.len();
        if length != targets.len() {
            return Err(broken(format!("{dataset} has {length} entries and /target_ids {}", targets.len())));
        }
    }
    let pairs = sources.into_iter().zip(targets).map(|(source, target)| [source, target]).collect();
    Ok(GapJunctions { population: population.to_owned(), pairs })
}
