"""Nodes, and selections of them."""

from __future__ import annotations

from typing import Any, Iterator, Mapping

import numpy as np


class Node:
    """A cell: its own properties and those of its type, looked up as in a dictionary."""

    __slots__ = ("node_id", "params", "node_type_properties", "network_name")

    def __init__(self, node_id: int, params: dict[str, Any], node_type_properties: dict[str, Any], network_name: str):
        self.node_id = node_id
        self.params = params
        self.node_type_properties = node_type_properties
        self.network_name = network_name

    @property
    def node_type_id(self) -> int:
        return self.node_type_properties["node_type_id"]

    def get(self, key: str, default: Any = None) -> Any:
        if key in self.params:
            return self.params[key]
        return self.node_type_properties.get(key, default)

    def __getitem__(self, key: str) -> Any:
        try:
            return self.params[key]
        except KeyError:
            return self.node_type_properties[key]

    def __contains__(self, key: object) -> bool:
        return key in self.params or key in self.node_type_properties

    def keys(self) -> list[str]:
        return list({**self.node_type_properties, **self.params})

    def items(self):
        return {**self.node_type_properties, **self.params}.items()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return (self.network_name, self.node_id) == (other.network_name, other.node_id)

    def __hash__(self) -> int:
        return hash(self.node_id)

    def __repr__(self) -> str:
        return repr(dict(self.items()))


class NodeSet:
    """What one call of add_nodes made: nodes of one type."""

    def __init__(self, network: str, first: int, ids: np.ndarray, params: dict[str, Any], shared: dict[str, Any]):
        self.first = first
        self.ids = ids
        self.params = params
        self.shared = shared
        names = [name for name in params if name != "node_id"]
        self.nodes = []
        for i, node_id in enumerate(ids.tolist()):
            own = {name: params[name][i] for name in names}
            own["node_id"] = node_id
            self.nodes.append(Node(node_id, own, shared, network))


class NodePool:
    """The nodes of a network that meet a filter. It is looked up anew at every use."""

    def __init__(self, network, **properties: Any):
        self.network = network
        self._properties = properties

    @property
    def network_name(self) -> str:
        return self.network.name

    @property
    def filter_str(self) -> str:
        """The filter as edge types tables show it; functions have no address there, so that tables are reproducible."""
        shown = {k: "<function>" if callable(v) else v for k, v in self._properties.items()}
        return "&".join(f"{k}=='{v}'" for k, v in shown.items()) or "*"

    def rows(self) -> np.ndarray:
        """The rows of the nodes in their network, ascending."""
        rows: list[int] = []
        for node_set in self.network._sets:
            own, skip = [], False
            for name, wanted in self._properties.items():
                if name in node_set.params or name == "node_id":
                    own.append((name, wanted))
                elif not _holds(wanted, node_set.shared.get(name)):
                    skip = True
                    break
            if skip:
                continue
            for i, node in enumerate(node_set.nodes):
                if all(_holds(wanted, node.params[name]) for name, wanted in own):
                    rows.append(node_set.first + i)
        return np.array(rows, dtype=np.uint32)

    def _nodes(self) -> list[Node]:
        nodes = self.network._node_list()
        return [nodes[row] for row in self.rows().tolist()]

    def __len__(self) -> int:
        return len(self.rows())

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes())


def _holds(wanted: Any, value: Any) -> bool:
    if value is None:
        return False
    if callable(wanted):
        return bool(wanted(value))
    if isinstance(wanted, list):
        return value in wanted
    return bool(np.all(wanted == value))


class NodeArrays(Mapping[str, Any]):
    """Several nodes by columns, for vectorised rules: nodes['x'] is an array with a value for each node."""

    def __init__(self, nodes: list[Node]):
        self._nodes = nodes
        self._columns: dict[str, Any] = {}

    @property
    def node_ids(self) -> np.ndarray:
        return self["node_id"]

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._columns:
            self._columns[name] = np.array([node[name] for node in self._nodes])
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes[0].keys() if self._nodes else [])

    def __len__(self) -> int:
        return len(self._nodes)

    def take(self, places: np.ndarray) -> "NodeArrays":
        """The nodes at some places, whose columns are taken from those that were already made."""
        return _Taken(self, places)


class _Taken(NodeArrays):
    def __init__(self, whole: NodeArrays, places: np.ndarray):
        super().__init__([])
        self._whole, self._places = whole, places

    def __getitem__(self, name: str) -> np.ndarray:
        return self._whole[name][self._places]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._places)
