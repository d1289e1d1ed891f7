//! The texts to start from.

use crate::corpus::collect::collect;
use anyhow::Result;
use std::path::PathBuf;

/// Longer files are left out: they only make each run slow.
const MAX_BYTES: usize = 6000;

/// The short `.mod` files below some folders.
///
/// # Errors
/// When a folder cannot be read.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for file in collect(paths)? {
        let text = std::fs::read(&file.path)?;
        if text.len() <= MAX_BYTES {
            seeds.push(text);
        }
    }
    Ok(seeds)
}
