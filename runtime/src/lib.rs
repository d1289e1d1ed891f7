//! Simulates SONATA networks of biophysical cells on the CPU or a GPU.
//!
//! `files -> model -> layout -> engine -> results`: data flows in that direction only.

pub mod analysis;
pub mod engine;
pub mod events;
pub mod layout;
pub mod mechanisms;
pub mod model;
pub mod simulate;
