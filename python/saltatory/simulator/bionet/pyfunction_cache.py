"""Functions of users that make synapses and cells, with the names of bmtk.simulator.bionet.pyfunction_cache.

The simulator sets the parameters of a JSON file on the mechanism that `model_template` names. Where a function is
registered under that name, it is called once for each edge type, with the parameters of the file, and the mechanism
and the values that it chose are used instead.
"""

from __future__ import annotations

import contextlib
import csv
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any, Callable, Iterator

from ... import _core
from ...neuron import PointProcess, Section, h

_synapse_models: dict[str, Callable] = {}


def add_synapse_model(func: Callable, name: str | None = None, overwrite: bool = True) -> None:
    """Registers a function (parameters, x, section) that makes a synapse, under its own name or another."""
    name = name or func.__name__
    if overwrite or name not in _synapse_models:
        _synapse_models[name] = func


def synapse_model(*wrapped: Any, **arguments: Any) -> Any:
    """Decorator: registers a function that makes a synapse."""
    if len(wrapped) == 1 and callable(wrapped[0]):
        add_synapse_model(wrapped[0], **arguments)
        return wrapped[0]

    def decorate(func: Callable) -> Callable:
        add_synapse_model(func, **arguments)
        return func

    return decorate


def add_cell_model(func: Callable, directive: str, model_type: str, overwrite: bool = True) -> None:
    """Cells are made by the simulator, which knows 'hoc', 'ctdb', 'nml' and 'nrn'; a function for another directive
    can't be used."""
    if directive.split(":")[0] not in ("hoc", "ctdb", "nml", "nrn"):
        raise NotImplementedError(f"add_cell_model: directive: cells of {directive!r} made by a Python function are "
                                  "not supported; write a HOC template and use 'hoc:NAME'")


def add_weight_function(func: Callable, name: str | None = None, overwrite: bool = True) -> None:
    raise NotImplementedError("add_weight_function: weights made by a Python function are not supported; compute them "
                              "when the network is built, with ConnectionMap.add_properties('syn_weight', rule=...)")


def clear() -> None:
    """Forgets all functions."""
    _synapse_models.clear()


@contextlib.contextmanager
def applied(config: Path) -> Iterator[Path]:
    """The configuration, or one that uses what the registered functions chose."""
    if not _synapse_models:
        yield config
        return
    text, _, models, edges = _core.read_config(config)
    with tempfile.TemporaryDirectory(prefix="saltatory-") as folder:
        replaced = {}
        for i, (_, types) in enumerate(edges):
            if types is not None:
                made = _with_models(Path(types), Path(models or '.'), Path(folder), i)
                if made:
                    replaced[i] = str(made)
        if not replaced:
            yield config
            return
        resolved = json.loads(text)
        enabled = [e for e in resolved["networks"]["edges"] if e.get("enabled", True)]
        for i, path in replaced.items():
            enabled[i]["edge_types_file"] = path
        # Beside the configuration, since its paths may be relative to it.
        with tempfile.NamedTemporaryFile("w", dir=config.parent, prefix=f".{config.stem}-", suffix=".json") as file:
            json.dump(resolved, file)
            file.flush()
            yield Path(file.name)


def _with_models(types: Path, models: Path, folder: Path, number: int) -> Path | None:
    """A types table with the choices of registered functions; None if they have no part in it."""
    with open(types, newline="") as f:
        table = csv.DictReader(f, delimiter=" ")
        rows, names = list(table), list(table.fieldnames or [])
    if not any(row.get("model_template") in _synapse_models for row in rows):
        return None
    for row in rows:
        func = _synapse_models.get(row.get("model_template") or "")
        if func is None:
            continue
        parameters: dict[str, Any] = {}
        file = row.get("dynamics_params")
        if file not in (None, "", "NULL", "NONE", "None"):
            parameters = json.loads((models / str(file)).read_text())
        synapse = _called(func, parameters)
        made = folder / f"{number}_{row['edge_type_id']}.json"
        made.write_text(json.dumps(_values(func, synapse)))
        row["model_template"], row["dynamics_params"] = synapse._mechanism, str(made)
    if "dynamics_params" not in names:
        names.append("dynamics_params")
    path = folder / f"{number}_edge_types.csv"
    with open(path, "w", newline="") as f:
        writer = csv.DictWriter(f, names, delimiter=" ", restval="NULL", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _called(func: Callable, parameters: dict[str, Any]) -> PointProcess:
    """What a function makes at two places; it must be the same."""
    scope = getattr(func, "__globals__", {})
    theirs = scope.get("h")
    try:
        if theirs is not None and theirs is not h:
            scope["h"] = h
        made = [func(dict(parameters), x, Section()) for x in (0.5, 0.25)]
    finally:
        if theirs is not None:
            scope["h"] = theirs
    name = func.__name__
    for synapse in made:
        if not isinstance(synapse, PointProcess):
            raise TypeError(f"synapse model {name}: expected a synapse made with h.MECHANISM(x, sec=section) of "
                            f"saltatory.neuron, found {synapse!r}")
    if repr(made[0]) != repr(made[1]):
        warnings.warn(f"synapse model {name}: it gives {made[0]} at 0.5 and {made[1]} at 0.25 of a section; what it "
                      "gives at 0.5 is used everywhere", stacklevel=2)
    return made[0]


def _values(func: Callable, synapse: PointProcess) -> dict[str, float]:
    values = {}
    for key, value in synapse._values.items():
        try:
            values[key] = float(value)
        except (TypeError, ValueError):
            raise TypeError(f"synapse model {func.__name__}: {key}: {value!r} is no number") from None
    return values
