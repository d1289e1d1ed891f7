//! Columns that are set from outside before the currents of each step.

use super::build::Placed;
use super::{Address, LayoutError};
use crate::model::{Course, value};
use std::sync::Arc;

/// A column of a point process that follows a potential, which is transferred when potentials have advanced and states
/// have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferredColumn {
    /// Group, and flat node index of the potential.
    pub from: (u32, u32),
    /// Group, block and index in its columns.
    pub to: (u32, u32, u32),
}

/// A column of a point process that follows a sum of courses.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayedColumn {
    /// Group, block and index in its columns.
    pub to: (u32, u32, u32),
    /// Factor and number of each course.
    pub terms: Arc<[(f64, u32)]>,
}

impl Placed<'_> {
    /// Finds what follows potentials and courses, and sets it as it is at t = 0. `rows` has group, block and row of each
    /// instance.
    pub(super) fn driven(
        &mut self,
        rows: &[(usize, usize, usize)],
        courses: &[Course],
        v_init: f64,
    ) -> Result<(Vec<TransferredColumn>, Vec<PlayedColumn>), LayoutError> {
        let network = self.network();
        let mut transfers = Vec::with_capacity(network.transfers.len());
        for transfer in &network.transfers {
            let node = self.node(transfer.cell, transfer.section, transfer.x)?;
            let (group, lane) = self.lanes[transfer.cell];
            let flat = node * self.groups[group].lanes as u32 + lane as u32;
            let to = self.column_of_point(rows, transfer.point, &transfer.variable, v_init)?;
            transfers.push(TransferredColumn { from: (group as u32, flat), to });
        }
        let mut played = Vec::with_capacity(network.played.len());
        for one in &network.played {
            let first = value(&one.terms, courses, 0);
            let to = self.column_of_point(rows, one.point, &one.variable, first)?;
            played.push(PlayedColumn { to, terms: one.terms.clone() });
        }
        Ok((transfers, played))
    }

    /// Where a variable of a point process lies; its value is set.
    fn column_of_point(
        &mut self,
        rows: &[(usize, usize, usize)],
        point: usize,
        variable: &str,
        value: f64,
    ) -> Result<(u32, u32, u32), LayoutError> {
        let (group, block, row) = rows[point];
        let mechanism = self.mechanism_of(group, block);
        let column = mechanism.column(variable).ok_or_else(|| LayoutError::NoParameter {
            mechanism: mechanism.name.clone(),
            parameter: variable.to_owned(),
        })?;
        if mechanism.settled_by.iter().any(|name| name == variable) {
            return Err(LayoutError::Settled { mechanism: mechanism.name.clone(), variable: variable.to_owned() });
        }
        let block_data = &mut self.groups[group].blocks[block];
        let index = column * block_data.rows + row;
        block_data.columns[index] = value;
        Ok((group as u32, block as u32, index as u32))
    }
}

/// The new place of a column, where `moved` gives that of an address in a group.
pub(super) fn moved_column(
    (group, block, index): (u32, u32, u32),
    moved: impl Fn(u32, Address) -> (u32, Address),
) -> (u32, u32, u32) {
    match moved(group, Address::Column { block, index }) {
        (group, Address::Column { block, index }) => (group, block, index),
        _ => unreachable!("a column stays a column"),
    }
}
