"""Positions of cells, um, as arrays of N rows, and random values. All draw from `numpy.random`; those that BMTK has
draw in its order, so that the same seed gives the same positions."""

from __future__ import annotations

import math
from typing import Any, Callable

import numpy as np


def positions_columinar(N=1, center=(0.0, 50.0, 0.0), height=100.0, min_radius=0.0, max_radius=1.0, plot=False):
    """Uniform in a cylinder, or a cylindrical ring, along y."""
    _no_picture(plot)
    phi = 2.0 * math.pi * np.random.random([N])
    r = np.sqrt((min_radius**2 - max_radius**2) * np.random.random([N]) + max_radius**2)
    x = center[0] + r * np.cos(phi)
    z = center[2] + r * np.sin(phi)
    y = center[1] + height * (np.random.random([N]) - 0.5)
    return np.column_stack((x, y, z))


positions_columnar = positions_columinar


def positions_rect_prism(N=1, center=(0.0, 50.0, 0.0), height=20.0, x_length=100.0, z_length=100.0, plot=False):
    """Uniform in a box; the height is along y."""
    _no_picture(plot)
    x = center[0] + x_length * (np.random.random([N]) - 0.5)
    z = center[2] + z_length * (np.random.random([N]) - 0.5)
    y = center[1] + height * (np.random.random([N]) - 0.5)
    return np.column_stack((x, y, z))


def positions_ellipsoid(N=1, center=(0.0, 50.0, 0.0), height=50, x_length=100.0, z_length=200.0, plot=False):
    """Uniform in an ellipsoid; the height is along y. Always N positions (BMTK may give fewer)."""
    _no_picture(plot)
    kept = np.zeros((0, 3))
    while len(kept) < N:
        box = positions_rect_prism(3 * N, center, height, x_length, z_length)
        scaled = (box - np.asarray(center)) / (np.array([x_length, height, z_length]) / 2)
        kept = np.vstack((kept, box[np.sum(scaled**2, axis=1) < 1]))
    return kept[:N]


def positions_cuboid(N=1, center=(0.0, 0.0, 0.0), height=100.0, xside_length=100.0, yside_length=100.0, min_dist=20.0,
                     plot=False):
    """On N different points of a grid of spacing min_dist. As in BMTK `center` is the corner of the grid, which ends
    where the lengths say."""
    _no_picture(plot)
    axes = [np.arange(c, end + min_dist, min_dist)
            for c, end in zip(center, (xside_length, yside_length, height))]
    grid = np.vstack([axis.ravel() for axis in np.meshgrid(*axes)]).T
    if N > len(grid):
        raise ValueError(f"positions_cuboid: N: the grid has {len(grid)} points for {N} cells; reduce min_dist")
    return grid[np.random.choice(np.arange(len(grid)), N, replace=False)]


def positions_list(positions=np.array([(0, 0, 0), (0, 0, 1)])):
    """The first three columns of an array."""
    return np.asarray(positions)[:, :3].copy()


def positions_density_matrix(mat, position_scale=np.eye(3), origin=(0, 0, 0), plot=False, CCF_orientation=False, dmin=0.0,
                             method="prog", existing_positions=None, verbose=False):
    """As many cells as densities (cells/mm^3) in the voxels of a three-dimensional array give.

    `position_scale` is the matrix that makes um of voxels, `origin` the corner of the first voxel in um. Cells are at
    least dmin apart, and as far from existing_positions. (CCF_orientation turns BMTK's picture; there is none here.)
    """
    _no_picture(plot)
    _progressive(method)
    mat = np.asarray(mat, dtype=float)
    if mat.ndim != 3 or np.any(mat < 0) or not np.any(mat > 0):
        raise ValueError("positions_density_matrix: mat: expected three dimensions of densities, some more than 0")
    scale = np.asarray(position_scale, dtype=float)
    voxels = np.argwhere(mat > 0)
    numbers = mat[mat > 0] * abs(np.linalg.det(scale)) / 1000**3

    def sample(n: int) -> np.ndarray:
        chosen = voxels[np.random.choice(len(voxels), n, p=numbers / numbers.sum())]
        return (chosen + np.random.random((n, 3))) @ scale.T + np.asarray(origin)

    return positions_dmin(round(numbers.sum()), sample, dmin, existing_positions)


def positions_nrrd(nrrd_filename, max_dens_per_mm3, split_bilateral=None, dmin=0.0, CCF_orientation=True, plot=False,
                   method="prog", existing_positions=None, verbose=False):
    """By the densities of a .nrrd file, scaled so that the greatest is max_dens_per_mm3. Needs the package pynrrd."""
    try:
        import nrrd
    except ImportError:
        raise ImportError("positions_nrrd: .nrrd files are read by the package pynrrd: pip install pynrrd") from None
    data, header = nrrd.read(nrrd_filename)
    data = data / np.max(data) * max_dens_per_mm3
    if split_bilateral is not None:
        if split_bilateral not in ("x", "y", "z"):
            raise ValueError(f"positions_nrrd: split_bilateral: {split_bilateral!r} is none of 'x', 'y', 'z'")
        axis = "xyz".index(split_bilateral)
        data = np.take(data, range(data.shape[axis] // 2), axis=axis)
    return positions_density_matrix(data, header["space directions"], header["space origin"], plot, dmin=dmin,
                                    method=method, existing_positions=existing_positions)


def _no_picture(plot: bool) -> None:
    if plot:
        raise ValueError("plot: positions are not drawn; draw the columns of what is returned, or leave it out")


def _progressive(method: str) -> None:
    if method != "prog":
        raise ValueError(f"method: there is no {method!r}; positions are drawn one after the other ('prog')")


def positions_dmin(N: int, sampling_func: Callable[[int], np.ndarray], dmin: float = 0.0, existing_positions: Any = None,
                   max_draws: int = 1000) -> np.ndarray:
    """N positions drawn by a function of their number, not nearer than dmin to each other and to existing positions.

    They are drawn one after the other and kept if there is room (random sequential addition), which fills up to about
    38 % of the volume with spheres of diameter dmin; after max_draws * N positions it gives up.
    """
    if dmin <= 0:
        return sampling_func(N)
    cells: dict[tuple, list[np.ndarray]] = {}

    def cube(p: np.ndarray) -> tuple:
        return tuple(np.floor(p / dmin).astype(int).tolist())

    def near(p: np.ndarray) -> bool:
        x, y, z = cube(p)
        for key in ((x + i, y + j, z + k) for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)):
            for other in cells.get(key, ()):
                if math.dist(p, other) < dmin:
                    return True
        return False

    for p in np.zeros((0, 3)) if existing_positions is None else np.asarray(existing_positions):
        cells.setdefault(cube(p), []).append(p)
    kept: list[np.ndarray] = []
    drawn = 0
    while len(kept) < N:
        if drawn > max_draws * N:
            raise ValueError(f"dmin: only {len(kept)} of {N} cells found room {dmin} um from the others; "
                             "reduce their number or dmin")
        for p in sampling_func(N):
            drawn += 1
            if len(kept) < N and not near(p):
                kept.append(p)
                cells.setdefault(cube(p), []).append(p)
    return np.array(kept)


class CellLocations:
    """Positions of several populations in one space, all at least dmin apart: after add_positions_...('exc', ...)
    they are in `.exc.positions`, and their number in `.exc.N`."""

    def __init__(self, name: str, dmin: float = 0.0):
        self._name = name
        self.dmin = dmin
        self.CCF_orientation = True
        self._all_positions: list[np.ndarray] = []
        self._all_pop_names: list[str] = []

    def add_positions_columnar(self, pop_names, partitions=(1,), N=1, center=(0.0, 50.0, 0.0), height=100.0,
                               min_radius=0.0, max_radius=1.0, method="prog", verbose=False):
        _progressive(method)
        self._place(pop_names, partitions, N,
                    lambda n: positions_columinar(n, center, height, min_radius, max_radius))

    def add_positions_rect_prism(self, pop_names, partitions=(1,), N=1, center=(0.0, 50.0, 0.0), height=20.0,
                                 x_length=100.0, z_length=100.0, method="prog", verbose=False):
        _progressive(method)
        self._place(pop_names, partitions, N, lambda n: positions_rect_prism(n, center, height, x_length, z_length))

    def add_positions_ellipsoid(self, pop_names, partitions=(1,), N=1, center=(0.0, 50.0, 0.0), height=50.0,
                                x_length=100.0, z_length=200.0, method="prog", verbose=False):
        _progressive(method)
        self._place(pop_names, partitions, N, lambda n: positions_ellipsoid(n, center, height, x_length, z_length))

    def add_positions_nrrd(self, nrrd_filename, max_dens_per_mm3, pop_names, partitions=(1,), split_bilateral=None,
                           method="prog", verbose=False):
        found = positions_nrrd(nrrd_filename, max_dens_per_mm3, split_bilateral, self.dmin, method=method,
                               existing_positions=self._existing())
        self.add_positions(pop_names, self._split(found, partitions))

    def _existing(self) -> np.ndarray:
        return np.vstack(self._all_positions) if self._all_positions else np.zeros((0, 3))

    def _split(self, positions: np.ndarray, partitions) -> list[np.ndarray]:
        if not math.isclose(sum(partitions), 1):
            raise ValueError(f"partitions: they add up to {sum(partitions)}, not to 1")
        chosen = np.random.choice(len(partitions), len(positions), p=partitions)
        return [positions[chosen == i] for i in range(len(partitions))]

    def _place(self, pop_names, partitions, N, sample):
        found = positions_dmin(N, sample, self.dmin, self._existing())
        self.add_positions(pop_names, self._split(found, partitions))

    def add_positions(self, pop_names, positions_pop):
        """Adds positions that were made elsewhere: an array for each name."""
        from types import SimpleNamespace

        names = [pop_names] if isinstance(pop_names, str) else list(pop_names)
        if len(names) != len(positions_pop):
            raise ValueError(f"pop_names: {len(names)} names for {len(positions_pop)} partitions")
        for name, positions in zip(names, positions_pop):
            self._all_positions.append(positions)
            self._all_pop_names.append(name)
            setattr(self, name, SimpleNamespace(positions=positions, N=len(positions)))


def xiter_random(N=1, min_x=0.0, max_x=1.0):
    """Uniform numbers, such as angles of rotation."""
    return np.random.uniform(low=min_x, high=max_x, size=(N,))
