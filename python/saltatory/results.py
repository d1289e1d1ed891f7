"""Spikes and reports as NumPy arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike

import numpy as np

from . import _core


@dataclass(frozen=True)
class Spikes:
    """The spikes of a population: times (ms) and the ids of the nodes."""

    population: str
    timestamps: np.ndarray
    node_ids: np.ndarray

    def __len__(self) -> int:
        return len(self.timestamps)

    def of(self, node_id: int) -> np.ndarray:
        """The times of one node's spikes, ms."""
        return self.timestamps[self.node_ids == node_id]


def read_spikes(path: str | PathLike[str]) -> dict[str, Spikes]:
    """The spikes of a file (.h5 or .csv), by population."""
    return {name: Spikes(name, times, ids) for name, times, ids in _core.read_spikes(path)}


@dataclass(frozen=True)
class Report:
    """A variable of some places of some cells over time: `data` has a row for each time and a column for each place."""

    population: str
    variable: str | None
    units: str | None
    #: The time of each row, ms, as the file states it: start + row * dt.
    times: np.ndarray
    data: np.ndarray
    node_ids: np.ndarray
    index_pointer: np.ndarray = field(repr=False)
    #: The section of each column.
    element_ids: np.ndarray = field(repr=False)
    #: The place of each column along its section, 0 to 1.
    element_pos: np.ndarray = field(repr=False)

    def of(self, node_id: int) -> np.ndarray:
        """The columns of one node."""
        found = np.flatnonzero(self.node_ids == node_id)
        if len(found) == 0:
            raise KeyError(f"the report has no node {node_id}")
        first, end = self.index_pointer[found[0]:found[0] + 2]
        return self.data[:, int(first):int(end)]


def read_report(path: str | PathLike[str], population: str | None = None) -> Report:
    """A compartment report; of a file with several populations the first, or the one that is named."""
    name, variable, units, time, rows, data, ids, pointer, elements, positions = _core.read_report(path, population)
    data = data.reshape(rows, -1) if rows else data.reshape(0, len(elements))
    times = time[0] + np.arange(rows) * time[2]
    return Report(name, variable, units, times, data, ids, pointer, elements, positions)
