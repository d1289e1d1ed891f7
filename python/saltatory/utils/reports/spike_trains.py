"""Generators of spike trains, with the names of bmtk.utils.reports.spike_trains."""

from __future__ import annotations

import os
from os import PathLike
from typing import Any

import numpy as np

from ... import _core
from ...results import Spikes

__all__ = ["PoissonSpikeGenerator", "SortOrder"]


class SortOrder:
    """How spikes are sorted in files."""

    none = "none"
    by_time = "by_time"
    by_id = "by_id"


class PoissonSpikeGenerator:
    """Spike trains of Poisson processes, as inputs of virtual cells.

    :param population: of the nodes, where `add` names none
    :param seed: the same seed gives the same trains; each node has a stream of random numbers of its own, so that
        its train does not depend on other nodes. Without a seed one is drawn from `numpy.random`.
    :param output_units: 'ms' or 's', of the times that methods give; files always have ms
    """

    def __init__(self, population: str | None = None, seed: int | None = None, output_units: str = "ms"):
        if output_units.lower() not in ("ms", "millisecond", "milliseconds", "s", "second", "seconds"):
            raise ValueError(f"PoissonSpikeGenerator: output_units: there are no {output_units!r}; use 'ms' or 's'")
        if seed is None:
            seed = int(np.random.randint(0, 2**31))
        if not 0 <= seed < 2**64:
            raise ValueError(f"PoissonSpikeGenerator: seed: {seed} is no number from 0 to 2^64 - 1")
        self._population = population or ""
        self._scale = 1.0 if output_units.lower().startswith("m") else 1e-3
        self._core = _core.PoissonSpikes(seed)

    def add(self, node_ids: Any, firing_rate: Any, population: str | None = None, times: Any = (0.0, 1.0),
            abs_ref: float = 0.0, tau_ref: float = 0.0) -> None:
        """Makes a train for each node.

        :param node_ids: ids, one id, or a nodes file
        :param firing_rate: a rate (Hz), or an array of rates, one for each of `times`, between which it is linear
        :param times: start and end, the end alone, or the times of the rates (s)
        :param abs_ref: absolute refractory period (s)
        :param tau_ref: time constant of the relative refractory period (s)
        """
        name = self._population if population is None else population
        if np.isscalar(times):
            times = (0.0, times)
        times = _numbers("times", times)
        if np.ndim(firing_rate) == 0:
            times = [times[0], times[-1]] if len(times) > 1 else times
            rates = _numbers("firing_rate", [firing_rate] * len(times))
        else:
            rates = _numbers("firing_rate", firing_rate)
        self._core.add(name, _node_ids(node_ids, name), rates, times, float(abs_ref), float(tau_ref))

    @property
    def populations(self) -> list[str]:
        return [name for name, _, _ in self._core.spikes()]

    def n_spikes(self, population: str | None = None) -> int:
        return sum(len(times) for name, times, _ in self._core.spikes() if population in (None, name))

    def __len__(self) -> int:
        return self.n_spikes()

    def get_times(self, node_id: int, population: str | None = None) -> np.ndarray:
        """The times of a node's spikes, ascending."""
        found = [times[ids == node_id] for name, times, ids in self._core.spikes() if population in (None, name)]
        return np.sort(np.concatenate(found)) * self._scale if found else np.zeros(0)

    def time_range(self, population: str | None = None) -> tuple[float, float]:
        """The first and the last time."""
        found = [times for name, times, _ in self._core.spikes() if population in (None, name) and len(times)]
        if not found:
            raise ValueError("time_range: population: there are no spikes")
        times = np.concatenate(found) * self._scale
        return float(times.min()), float(times.max())

    def spikes(self) -> dict[str, Spikes]:
        """The spikes by population, times in ms."""
        return {name: Spikes(name, times, ids) for name, times, ids in self._core.spikes()}

    def to_sonata(self, path: str | PathLike[str], sort_order: str = SortOrder.none) -> None:
        """Writes an HDF5 file."""
        _make_folder(path)
        self._core.to_sonata(path, sort_order)

    def to_csv(self, path: str | PathLike[str], sort_order: str = SortOrder.none) -> None:
        """Writes a text file with a line for each spike."""
        _make_folder(path)
        self._core.to_csv(path, sort_order)

    def close(self) -> None:
        """There is nothing to close; BMTK has this method."""


def _make_folder(path: str | PathLike[str]) -> None:
    folder = os.path.dirname(os.fspath(path))
    if folder:
        os.makedirs(folder, exist_ok=True)


def _numbers(argument: str, values: Any) -> list[float]:
    try:
        return [float(v) for v in values]
    except (TypeError, ValueError):
        raise ValueError(f"PoissonSpikeGenerator.add: {argument}: expected numbers, found {values!r}") from None


def _node_ids(node_ids: Any, population: str) -> list[int]:
    if isinstance(node_ids, (str, PathLike)):
        return _core.read_node_ids(os.fspath(node_ids), population or None).tolist()
    try:
        found = [int(i) for i in ([node_ids] if np.ndim(node_ids) == 0 else node_ids)]
    except (TypeError, ValueError):
        raise ValueError(f"PoissonSpikeGenerator.add: node_ids: expected integers, found {node_ids!r}") from None
    if found and min(found) < 0:
        raise ValueError(f"PoissonSpikeGenerator.add: node_ids: {min(found)} is negative")
    return found
