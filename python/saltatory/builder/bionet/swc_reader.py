"""SWCReader: the sections of a morphology by name and distance, and where they are."""

from __future__ import annotations

import os
from collections import namedtuple
from os import PathLike
from typing import Any, Sequence

import numpy as np

from ... import _core

SegmentProps = namedtuple("SegmentProps", ["type", "x", "dist", "length", "dist0", "dist1", "sec_id"])


class SWCReader:
    """A morphology, read as NEURON reads it. Sections have one segment each until `set_segment_dl` divides them.

    :param swc_path: the SWC file
    :param rng_seed: seed of `choose_sections`, which draws as BMTK does; without it numbers of `numpy.random` are drawn,
        which `numpy.random.seed` makes reproducible
    """

    sec_type_swc = {"soma": 1, "somatic": 1, "axon": 2, "axonal": 2, "dend": 3, "basal": 3, "apic": 4, "apical": 4}

    def __init__(self, swc_path: str | PathLike[str], rng_seed: int | None = None):
        self.swc_path = swc_path
        self.rng_seed = rng_seed
        self._core = _core.Morphology(swc_path)
        self._prng: Any = np.random if rng_seed is None else np.random.RandomState(rng_seed)

    @property
    def n_sections(self) -> int:
        return self._core.n_sections()

    @property
    def nseg(self) -> int:
        """The number of segments."""
        return len(self.seg_props.x)

    @property
    def seg_props(self) -> SegmentProps:
        """The segments as arrays: SWC type, position, distance from the soma of the middle, of both ends, length (um),
        section id."""
        sec_id, x, kind, length, dist = self._core.segments()
        return SegmentProps(kind, x, dist, length, dist - length / 2.0, dist + length / 2.0, sec_id)

    @property
    def soma_position(self) -> np.ndarray:
        """The middle of the soma, um."""
        return np.array(self._core.soma_position())

    def section_name(self, sec_id: int) -> str:
        """The name of a section: 'dend[3]'."""
        return self._core.section_name(int(sec_id))

    def set_segment_dl(self, dl: float) -> None:
        """Divides sections into segments that are not much longer than dl (um)."""
        self._core.set_segment_length(dl)

    def fix_axon(self) -> None:
        """Replaces the axon by two sections of 30 um."""
        self._core.fix_axon()

    def delete_axon(self) -> None:
        self._core.delete_axon()

    def choose_sections(self, section_names: Sequence[str] | str, distance_range: Sequence[float],
                        n_sections: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Draws places on sections of some names ('soma', 'dend', 'apic', 'axon', or 'somatic', 'basal', 'apical',
        'axonal') whose path distance from the soma (um) is in a range; longer segments are likelier.

        :return: section ids and positions
        """
        names = [section_names] if isinstance(section_names, str) else list(section_names)
        if len(distance_range) != 2:
            raise ValueError(f"choose_sections: distance_range: expected [from, to], found {distance_range!r}")
        low, high = (float(d) for d in distance_range)
        chosen = self._core.choose(names, [low, high], self._prng.random_sample(int(n_sections)))
        props = self.seg_props
        return props.sec_id[chosen], props.x[chosen]

    def move_and_rotate(self, soma_coords: Any = None, rotation_angles: Any = None, inplace: bool = False
                        ) -> "SWCReader":
        """The cell turned about its soma by angles about x, y and z (rad), with its soma at other coordinates (um)."""
        coords, angles = _triple("soma_coords", soma_coords), _triple("rotation_angles", rotation_angles)
        moved = self if inplace else SWCReader.__new__(SWCReader)
        if not inplace:
            moved.swc_path, moved.rng_seed, moved._core = self.swc_path, self.rng_seed, self._core.copy()
            moved._prng = np.random if self.rng_seed is None else np.random.RandomState(self.rng_seed)
        moved._core.place(coords, angles)
        return moved

    def get_coords(self, sec_id: int, sec_x: float) -> np.ndarray:
        """The coordinates of a place, um."""
        return self._middles()[self._core.segment_at(int(sec_id), float(sec_x))]

    def get_coord(self, sec_ids: Any, sec_xs: Any, soma_center: Any = (0.0, 0.0, 0.0), rotations: Any = None
                  ) -> list[np.ndarray]:
        """The coordinates of several places (um) when the soma is at `soma_center`."""
        placed = self.move_and_rotate(soma_coords=soma_center, rotation_angles=rotations)
        return [placed.get_coords(i, x) for i, x in zip(np.atleast_1d(sec_ids), np.atleast_1d(sec_xs))]

    def get_dist(self, sec_ids: Any, sec_xs: Any = None) -> np.ndarray:
        """The path distances of places from the soma (um); of the middles of sections without positions."""
        return self.seg_props.dist[self._places(sec_ids, sec_xs)]

    def get_type(self, sec_ids: Any) -> np.ndarray:
        """The SWC types of sections: 1 soma, 2 axon, 3 dendrite, 4 apical dendrite."""
        return self.seg_props.type[self._places(sec_ids, None)]

    def get_swc_id(self, sec_id: int, sec_x: float) -> tuple[int, float]:
        """The row of the file at a place, and how far the place is along it."""
        return self._core.swc_id(int(sec_id), float(sec_x))

    def _middles(self) -> np.ndarray:
        return self._core.coordinates().reshape(-1, 3)

    def _places(self, sec_ids: Any, sec_xs: Any) -> list[int]:
        ids = np.atleast_1d(sec_ids)
        xs = np.full(len(ids), 0.5) if sec_xs is None else np.atleast_1d(sec_xs)
        if len(ids) != len(xs):
            raise ValueError(f"sec_xs: {len(xs)} positions for {len(ids)} sections")
        return [self._core.segment_at(int(i), float(x)) for i, x in zip(ids, xs)]


def _triple(argument: str, values: Any) -> list[float] | None:
    if values is None:
        return None
    found = [float(v) for v in values]
    if len(found) != 3:
        raise ValueError(f"move_and_rotate: {argument}: expected three numbers, found {values!r}")
    return found


_cache: dict[Any, SWCReader] = {}


def get_swc(cell: Any, morphology_dir: str | PathLike[str] | None = None, use_cache: bool = False,
            dL: float | None = None) -> SWCReader:
    """The morphology of a node, where the node is: its property `morphology` names the file; `x`, `y`, `z` or
    `positions`, and `rotation_angle_xaxis` and so on place it."""
    name = cell.get("morphology")
    if name is None:
        raise ValueError(f"get_swc: cell: node {cell['node_id']} has no property `morphology`")
    path = os.path.join(morphology_dir, name) if morphology_dir else str(name)
    if not os.path.exists(path) and not path.endswith(".swc"):
        path += ".swc"
    if not os.path.exists(path):
        raise ValueError(f"get_swc: morphology_dir: there is no file {path}")
    coords: Any = None
    if any(k in cell for k in "xyz"):
        coords = [cell.get(k, 0.0) for k in "xyz"]
    elif cell.get("positions") is not None:
        coords = cell["positions"]
    axes = [f"rotation_angle_{k}axis" for k in "xyz"]
    angles = [float(cell.get(k, 0.0)) for k in axes] if any(k in cell for k in axes) else None
    fixed = cell.get("model_processing") == "aibs_perisomatic"
    place = (None if coords is None else tuple(float(c) for c in coords), None if angles is None else tuple(angles))
    key = (path, dL, fixed, place)
    if use_cache and key in _cache:
        return _cache[key]
    swc = SWCReader(path)
    if dL:
        swc.set_segment_dl(dL)
    if fixed:
        swc.fix_axon()
    swc.move_and_rotate(*place, inplace=True)
    if use_cache:
        _cache[key] = swc
    return swc
