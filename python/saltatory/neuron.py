"""A stand-in for `from neuron import h` in functions that make synapses.

`h.inhsyn(x, sec=section)` gives an object that keeps the name and whatever is set on it; the simulator makes the
synapses of that mechanism with those values. It can do nothing else: there is no interpreter behind it.
"""

from __future__ import annotations

from typing import Any


class PointProcess:
    """A synapse that is asked for: its mechanism and the values set on it."""

    def __init__(self, mechanism: str):
        object.__setattr__(self, "_mechanism", mechanism)
        object.__setattr__(self, "_values", {})

    def __setattr__(self, name: str, value: Any) -> None:
        self._values[name] = value

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(f"{self.__dict__['_mechanism']}.{name} was not set, and its value in the mechanism "
                                 "is not known here") from None

    def __repr__(self) -> str:
        return f"{self._mechanism}({self._values})"


class Section:
    """A place holder for the section that a synapse is on."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"section.{name}: synapses of one edge type are made alike; what depends on the section "
                             "belongs into properties of edges (ConnectionMap.add_properties)")


class _Hoc:
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def make(x: float | None = None, sec: Any = None) -> PointProcess:
            return PointProcess(name)

        return make


h = _Hoc()
