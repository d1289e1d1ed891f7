//! Simulates SONATA networks of biophysical cells on the CPU or a GPU.
//!
//! `files -> model -> layout -> engine -> results`: data flows in that direction only.

pub mod allocation;
pub mod analysis;
pub mod backend;
pub mod build;
pub mod cli;
pub mod engine;
pub mod events;
pub mod layout;
pub mod mechanisms;
pub mod model;
pub mod problem;
pub mod profile;
pub mod results;
pub mod simulate;

pub use cell::placement;
