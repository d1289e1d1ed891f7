"""Pictures of results, and what is wrong with a model: the program `runtime` draws and looks; nothing else is needed."""

from __future__ import annotations

import json
import subprocess
import tempfile
from os import PathLike
from pathlib import Path
from typing import Any, Iterable, Sequence, Union

from . import _core
from .running import RunError, program

_Path = Union[str, PathLike[str]]


class Picture:
    """A drawn picture; notebooks show it."""

    def __init__(self, path: Path):
        self.path = path

    def _repr_svg_(self) -> str | None:
        return self.path.read_text() if self.path.suffix == ".svg" else None

    def _repr_png_(self) -> bytes | None:
        return self.path.read_bytes() if self.path.suffix == ".png" else None

    def __repr__(self) -> str:
        return f"Picture({str(self.path)!r})"


def plot(results: _Path, *kinds: str, save_as: _Path | None = None, population: str | Sequence[str] | None = None,
         node_ids: int | Iterable[int] | None = None, node_sets: str | Sequence[str] | None = None,
         group_by: str | None = None, variables: str | Sequence[str] | None = None,
         sections: str | int | Iterable[int] = "origin", average: bool = False,
         times: tuple[float, float] | None = None, bin: float | None = None, smoothing: float | None = None,
         with_histogram: bool = True, heat_map: bool = False, title: str | None = None, width: int | None = None,
         config: _Path | None = None) -> Picture:
    """Draws results to a file (.svg or .png).

    :param results: the configuration of a run, its output folder, or a file of it
    :param kinds: of "raster", "rates", "traces", "ecp"; all that there are results for if none is given
    :param save_as: the picture; a temporary .svg file if not given
    :param population: only these populations
    :param node_ids: only these nodes, or channels of electrodes
    :param node_sets: node sets of the configuration, a colour for each
    :param group_by: an attribute of the nodes, a colour for each of its values
    :param variables: only reports of these variables
    :param sections: elements of each node: "origin" (the first), "all", or ids of sections
    :param average: draw the mean of each group
    :param times: begin and end, ms
    :param bin: width of the bins of rates, ms
    :param smoothing: standard deviation of the Gaussian that smooths rates, ms
    :param with_histogram: draw rates below a raster
    :param heat_map: potentials at electrodes as a map
    :param config: the configuration, where `results` is another place
    """
    if save_as is None:
        with tempfile.NamedTemporaryFile(suffix=".svg", delete=False) as file:
            save_as = file.name
    command = [program(), "plot", str(results), "--output", str(save_as)]
    options: dict[str, Any] = {
        "kind": _list(kinds), "population": _list(population), "nodes": _list(node_ids), "node-set": _list(node_sets),
        "group-by": group_by, "variable": _list(variables), "elements": _list(sections), "bin": bin,
        "smooth": smoothing, "title": title, "width": width, "config": config,
    }
    for name, value in options.items():
        if value not in (None, ""):
            command += [f"--{name}={value}"]
    command += ["--times", *map(str, times)] if times is not None else []
    flags = {"average": average, "heat-map": heat_map, "no-histogram": not with_histogram}
    command += [f"--{name}" for name, wanted in flags.items() if wanted]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RunError(done.stderr.strip())
    return Picture(Path(save_as))


def plot_raster(config_file: _Path | None = None, population: str | None = None, with_histogram: bool = True,
                spikes_file: _Path | None = None, show: bool = True, **options: Any) -> Picture:
    """The spikes of each node. Arguments are BMTK's, or those of `plot`; a notebook shows what is returned."""
    return _plot("raster", config_file, spikes_file, options, population=population, with_histogram=with_histogram)


def plot_rates(config_file: _Path | None = None, population: str | None = None, smoothing: float | None = None,
               spikes_file: _Path | None = None, show: bool = True, **options: Any) -> Picture:
    """How often populations spike over time. (BMTK's function of this name draws a mean for each node.)"""
    return _plot("rates", config_file, spikes_file, options, population=population, smoothing=smoothing)


def plot_traces(config_file: _Path | None = None, report_name: str | None = None, population: str | None = None,
                report_path: _Path | None = None, show: bool = True, **options: Any) -> Picture:
    """The values of all reports, or of one of them. Arguments are BMTK's, or those of `plot`."""
    if report_path is None and report_name is not None and config_file is not None:
        name = report_name if report_name.endswith(".h5") else f"{report_name}.h5"
        report_path = Path(_core.read_config(config_file)[1]) / name
    return _plot("traces", config_file, report_path, options, population=population)


def plot_ecp(config_file: _Path | None = None, ecp_path: _Path | None = None, show: bool = True, **options: Any
             ) -> Picture:
    """Potentials at electrodes. Arguments are BMTK's, or those of `plot`."""
    return _plot("ecp", config_file, ecp_path, options)


def _plot(kind: str, config: _Path | None, results: _Path | None, options: dict[str, Any], **more: Any) -> Picture:
    if results is not None:
        return plot(results, kind, **more, **{"config": config, **options})
    if config is None:
        raise ValueError(f"plot_{kind}: config_file: give the configuration, or a file of results")
    return plot(config, kind, **more, **options)


def check(config: _Path, *, gpu: bool = False) -> list[dict[str, Any]]:
    """All that is wrong with a model: what (`message`), where (`place`), `notes`, and what to do (`help`)."""
    command = [program(), "check", str(config), "--json"] + (["--gpu"] if gpu else [])
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        return json.loads(done.stdout)["problems"]
    except json.JSONDecodeError:
        raise RunError(done.stderr.strip() or f"runtime ended with status {done.returncode}") from None


def _list(values: Any) -> str | None:
    """A comma between values."""
    if values is None or isinstance(values, (str, int)):
        return None if values is None else str(values)
    return ",".join(str(v) for v in values)
