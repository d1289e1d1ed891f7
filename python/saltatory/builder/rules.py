"""Connection rules that run in parallel outside Python, and rules in NumPy.

The rules of this module draw their random numbers from the seed of the network (`NetworkBuilder(name, seed=...)`),
not from `random` or `numpy.random`; the same seed gives the same edges on any number of processors.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Callable, TypeVar

Rule = TypeVar("Rule", bound=Callable)


class NativeRule:
    """A rule that runs outside Python."""

    _kind = ""

    def _parameters(self) -> dict:
        return asdict(self)  # type: ignore[call-overload]


@dataclass(frozen=True)
class DistanceConnector(NativeRule):
    """Connects with a probability that falls linearly from d_weight_max at distance 0 to d_weight_min at d_max (um),
    as `auxi.edge_connectors.distance_connector` does, with a spatial index in place of all pairs."""

    d_weight_min: float
    d_weight_max: float
    d_max: float
    nsyn_min: int = 1
    nsyn_max: int = 1
    _kind = "distance"


@dataclass(frozen=True)
class GaussianConnector(NativeRule):
    """Connects with the probability p exp(-d^2 / (2 sigma^2)) of the distance d (um), up to 6 sigma."""

    p: float
    sigma: float
    nsyn_min: int = 1
    nsyn_max: int = 1
    _kind = "gaussian"


@dataclass(frozen=True)
class RandomCount(NativeRule):
    """From low to high synapses between each pair, both possible."""

    low: int
    high: int
    _kind = "random"


def vectorized(rule: Rule) -> Rule:
    """Marks a rule that works on arrays.

    A connection rule with iterator 'one_to_all' gets a source and all targets as columns (targets['x'] is an array),
    with 'all_to_one' all sources as columns and a target; it returns an array of numbers of synapses. A property rule
    gets the sources and the targets of all synapses as columns; it returns an array, or one for each name.
    """
    rule._saltatory_vectorized = True  # type: ignore[attr-defined]
    return rule
