//! Random texts against the compiler: no panic, no endless loop, no memory without bound.
//!
//! Texts come from [`seeds`] (the repository's mechanisms, and what was found worth keeping), from a [`grammar`] that writes
//! mechanisms, and from [`mutate`], which changes bytes and tokens. A [`target`] runs one text. [`session`] runs many in one
//! process; [`supervise`] starts that process again when a text has killed it, and keeps and [`minimise`]s such texts.

pub mod grammar;
pub mod minimise;
pub mod mutate;
pub mod rng;
pub mod seeds;
pub mod session;
pub mod supervise;
pub mod target;
