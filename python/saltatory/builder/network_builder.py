"""NetworkBuilder: the class that networks are made with."""

from __future__ import annotations

import os
import sys
import types
import warnings
from typing import Any, Callable, Iterable

import numpy as np

from .. import _core
from .connection_map import ITERATORS, ConnectionMap
from .edge import Edge
from .node import Node, NodePool, NodeSet


class NetworkBuilder:
    """Builds a network and saves it as SONATA, with the methods and arguments of BMTK's class of that name.

    :param name: the name of the network, which is that of its population
    :param seed: of the rules in `saltatory.builder.rules`; functions use `random` or `numpy.random` as they like
    :param memory: bytes that edges may take before they are moved to temporary files
    """

    def __init__(self, name: str, seed: int = 0, memory: int = 1 << 30, **network_props: Any):
        if not name:
            raise ValueError("NetworkBuilder: name: the network needs a name")
        self._core = _core.Network(name, seed, memory)
        self._core.set_first_gap_junction_id(network_props.get("gj_id_start", 0))
        self._name = name
        self._sets: list[NodeSet] = []
        self._nodes: list[Node] | None = None
        self._maps: list[ConnectionMap] = []
        self._networks: dict[str, NetworkBuilder] = {name: self}
        self._next_type_id = 100

    # ---- nodes ----

    @property
    def name(self) -> str:
        return self._name

    @property
    def nnodes(self) -> int:
        return sum(len(s.ids) for s in self._sets)

    @property
    def nedges(self) -> int:
        """The number of synapses that are built."""
        return self._core.nedges()

    @property
    def nodes_built(self) -> bool:
        return True

    @property
    def edges_built(self) -> bool:
        return all(m._at is not None and m._evaluated == len(m.params) for m in self._maps)

    def add_nodes(self, N: int = 1, **properties: Any) -> None:
        """Adds N nodes of one type. A list, array, range or generator has a value for each node; anything else, also
        a tuple, is shared by all."""
        params: dict[str, Any] = {}
        shared: dict[str, Any] = {}
        for name, value in properties.items():
            if isinstance(value, (types.GeneratorType, range)):
                value = list(value)
            if isinstance(value, (list, np.ndarray)):
                if len(value) != N:
                    raise ValueError(f"add_nodes: {name}: {len(value)} values for N={N} nodes")
                params[name] = value
            else:
                shared[name] = value
        columns = [(name, *_node_column(name, values)) for name, values in params.items()]
        self._core.add_nodes(N, shared, columns)
        self._adopt(params, shared)

    def _adopt(self, params: dict[str, Any], shared: dict[str, Any]) -> None:
        """Makes nodes of the last set of the extension."""
        first = self.nnodes
        ids = self._core.node_ids()[first:]
        type_id = self._core.node_sets()[-1][1] if "node_type_id" not in shared else shared["node_type_id"]
        shared = {**shared, "node_type_id": type_id}
        self._sets.append(NodeSet(self._name, first, ids, params, shared))
        self._nodes = None

    def import_nodes(self, nodes_file_name: str, node_types_file_name: str, population: str | None = None) -> None:
        """Adds the nodes of a file, with their ids and types."""
        known = len(self._core.node_sets())
        self._core.import_nodes(nodes_file_name, node_types_file_name, population)
        ids, first = self._core.node_ids(), self.nnodes
        for n, type_id, shared, columns in self._core.node_sets()[known:]:
            params = {k: v if w is None else np.reshape(v, (-1, w)) for k, (v, w) in columns.items()}
            shared["node_type_id"] = type_id
            self._sets.append(NodeSet(self._name, first, ids[first:first + n], params, shared))
            first += n
        self._nodes = None

    def nodes(self, **properties: Any) -> NodePool:
        """The nodes whose properties have given values, are in given lists, or pass given tests."""
        return NodePool(self, **properties)

    def _node_list(self) -> list[Node]:
        if self._nodes is None:
            self._nodes = [node for s in self._sets for node in s.nodes]
        return self._nodes

    # ---- edges ----

    def add_edges(self, source: NodePool | dict | None = None, target: NodePool | dict | None = None,
                  connection_rule: Any = 1, connection_params: dict | None = None, iterator: str = "one_to_one",
                  **edge_type_properties: Any) -> ConnectionMap:
        """Adds a rule that connects sources with targets.

        :param source: a filter of this network's nodes, or `nodes()` of this or another network; all if not given
        :param target: likewise
        :param connection_rule: a number of synapses for each pair; a list of such numbers; a function; or a rule of
            `saltatory.builder.rules`
        :param connection_params: further arguments of the function
        :param iterator: 'one_to_one' (the function gets a source and a target and returns a number), 'one_to_all' (a
            source and a list of targets, returns a list) or 'all_to_one' (a list of sources and a target)
        :param edge_type_properties: what all these edges share
        """
        if iterator not in ITERATORS:
            raise ValueError(f"add_edges: iterator: there is no {iterator!r}; use one of {', '.join(ITERATORS)}")
        source = self._pool(source, "source")
        target = self._pool(target, "target")
        properties = dict(edge_type_properties)
        if properties.get("is_gap_junction") and source.network_name != target.network_name:
            raise ValueError("add_edges: is_gap_junction: a gap junction is between two cells of one network")
        type_id = properties.get("edge_type_id")
        taken = {m.edge_type_id for m in self._maps}
        if type_id is None:
            while self._next_type_id in taken:
                self._next_type_id += 1
            properties["edge_type_id"] = self._next_type_id
        elif type_id in taken:
            raise ValueError(f"add_edges: edge_type_id: {type_id} is already the id of other edges' type")
        properties["source_query"] = source.filter_str
        properties["target_query"] = target.filter_str
        if "nsyns" in properties:
            connection_rule = properties.pop("nsyns")
        for pool in (source, target):
            self._networks[pool.network_name] = pool.network
        connection = ConnectionMap(source, target, connection_rule, connection_params, iterator, properties)
        self._maps.append(connection)
        return connection

    def add_gap_junctions(self, source: NodePool | dict | None = None, target: NodePool | dict | None = None,
                          resistance: float = 1.0, conductance: float | None = None,
                          distance_range: list[float] = [0.0, 300.0], target_sections: list[str] = ["somatic"],
                          connection_rule: Any = 1, iterator: str = "one_to_one",
                          **edge_type_properties: Any) -> ConnectionMap:
        """Adds gap junctions of a resistance (megaohm) or a conductance (microsiemens)."""
        return self.add_edges(source=source, target=target, connection_rule=connection_rule, iterator=iterator,
                              syn_weight=1 / resistance if conductance is None else conductance, is_gap_junction=True,
                              distance_range=distance_range, target_sections=target_sections, **edge_type_properties)

    def get_connections(self) -> list[ConnectionMap]:
        return self._maps

    def _pool(self, nodes: Any, argument: str) -> NodePool:
        if isinstance(nodes, NodePool):
            return nodes
        if nodes is None or isinstance(nodes, dict):
            return NodePool(self, **nodes or {})
        raise ValueError(f"add_edges: {argument}: expected a dictionary of properties or nodes(), found {nodes!r}")

    def build(self, force: bool = False, progress: bool | None = None) -> None:
        """Builds the edges that are not built yet: a second call makes no second edges.

        :param force: forget all edges and build them anew
        :param progress: show a progress bar; by default if the output is a terminal
        """
        if force:
            self._core.clear_edges()
            for connection in self._maps:
                connection._at, connection._evaluated = None, 0
        for connection in self._maps:
            bar = _Bar(f"edge type {connection.edge_type_id}", progress)
            if connection._at is None:
                connection._at = self._connect(connection, bar)
            self._evaluate(connection, connection._at)
            bar.close()

    def _connect(self, connection: ConnectionMap, bar: "_Bar") -> int:
        kind, parameters = connection._connect(bar.show)
        source, target = [(p.network._core, p.rows(), p.filter_str)
                          for p in (connection.source_nodes, connection.target_nodes)]
        own = ("source_query", "target_query")
        shared = {k: v for k, v in connection.edge_type_properties.items() if k not in own}
        return _core.add_edges(self._core, source, target, shared, kind, parameters, bar.show)

    def _evaluate(self, connection: ConnectionMap, at: int) -> None:
        while connection._evaluated < len(connection.params):
            properties = connection.params[connection._evaluated]
            if callable(properties.rule) or isinstance(properties.rule, (list, np.ndarray)):
                edges = _core.edges(self._core, at)
                n = edges["nsyns"]
                sources, targets = np.repeat(edges["sources"], n), np.repeat(edges["targets"], n)
                # Functions are called by source, then target.
                order = None if np.all(sources[1:] >= sources[:-1]) else np.argsort(sources, kind="stable")
                if order is not None:
                    sources, targets = sources[order], targets[order]
            else:
                sources = targets = np.zeros(0, dtype=np.uint32)
                order = None
            constants, columns = properties.values(sources, targets, connection.source_nodes.network._node_list(),
                                                   connection.target_nodes.network._node_list())
            if columns is None:
                _core.add_properties(self._core, at, properties.names, properties.types, constants, None)
            else:
                for name, dtype, column in zip(properties.names, properties.types, columns):
                    if order is not None:
                        back = np.empty_like(order)
                        back[order] = np.arange(len(order))
                        column = column[back] if isinstance(column, np.ndarray) else [column[i] for i in back]
                    _core.add_properties(self._core, at, [name], [dtype], None, column)
            connection._evaluated += 1

    def edges(self, target_nodes: Any = None, source_nodes: Any = None, target_network: str | None = None,
              source_network: str | None = None, **properties: Any) -> list[Edge]:
        """The edges as they are now, those of rules that were added later than the last build included."""
        self.build()
        targets, target_network = self._node_ids(target_nodes, target_network, "target_nodes")
        sources, source_network = self._node_ids(source_nodes, source_network, "source_nodes")
        found = []
        for connection in self._maps:
            if target_network not in (None, connection.target_network_name):
                continue
            if source_network not in (None, connection.source_network_name):
                continue
            for edge in self._edges_of(connection):
                if targets is not None and edge.target_node_id not in targets:
                    continue
                if sources is not None and edge.source_node_id not in sources:
                    continue
                if all(k in edge and edge[k] == v for k, v in properties.items()):
                    found.append(edge)
        return found

    def edge_arrays(self, connection: ConnectionMap) -> dict[str, np.ndarray]:
        """The edges of a rule as arrays: source_node_id, target_node_id, and nsyns or the properties added."""
        self.build()
        if connection._at is None:
            raise ValueError("edge_arrays: connection: it belongs to another network")
        edges = _core.edges(self._core, connection._at)
        order = np.argsort(edges["sources"], kind="stable")
        columns = edges["properties"] if connection.params else {"nsyns": edges["nsyns"]}
        arrays = {
            "source_node_id": connection.source_nodes.network._core.node_ids()[edges["sources"]][order],
            "target_node_id": connection.target_nodes.network._core.node_ids()[edges["targets"]][order],
        }
        for name, values in columns.items():
            arrays[name] = np.asarray(values)[order]
        return arrays

    def _edges_of(self, connection: ConnectionMap) -> Iterable[Edge]:
        arrays = {name: values.tolist() for name, values in self.edge_arrays(connection).items()}
        names = list(arrays)
        for row in zip(*arrays.values()):
            synaptic = dict(zip(names, row))
            yield Edge(row[0], row[1], connection.edge_type_properties, synaptic)

    def _node_ids(self, nodes: Any, network: str | None, argument: str) -> tuple[set[int] | None, str | None]:
        if nodes is None:
            return None, network
        if isinstance(nodes, (int, np.integer)):
            return {int(nodes)}, network
        if isinstance(nodes, dict):
            network = network or self._name
            if network not in self._networks:
                raise ValueError(f"edges: {argument}: no edges were added to or from network {network}")
            nodes = self._networks[network].nodes(**nodes)
        if isinstance(nodes, NodePool):
            return {n.node_id for n in nodes}, nodes.network_name
        if isinstance(nodes, (list, tuple, set, np.ndarray)):
            return {n.node_id if isinstance(n, Node) else int(n) for n in nodes}, network
        raise ValueError(f"edges: {argument}: expected ids, a dictionary or nodes(), found {nodes!r}")

    # ---- files ----

    def save(self, output_dir: str = ".", force_overwrite: bool = True, compression: Any = "gzip", **_: Any) -> None:
        """Saves nodes and edges."""
        self.save_nodes(output_dir=output_dir, force_overwrite=force_overwrite, compression=compression)
        self.save_edges(output_dir=output_dir, force_overwrite=force_overwrite, compression=compression)

    def save_nodes(self, nodes_file_name: str | None = None, node_types_file_name: str | None = None,
                   output_dir: str = ".", force_overwrite: bool = True, compression: Any = "gzip", **_: Any) -> None:
        """Saves nodes and their types, as <name>_nodes.h5 and <name>_node_types.csv unless names are given."""
        names = [nodes_file_name or f"{self._name}_nodes.h5", node_types_file_name or f"{self._name}_node_types.csv"]
        for name in names:
            path = os.path.join(output_dir, name)
            if not force_overwrite and os.path.exists(path):
                raise FileExistsError(f"save_nodes: {path} is already there, and force_overwrite is False")
        _core.save_nodes(self._core, output_dir, nodes_file_name, node_types_file_name, _compressed(compression))

    def save_edges(self, edges_file_name: str | None = None, edge_types_file_name: str | None = None,
                   output_dir: str = ".", src_network: str | None = None, trg_network: str | None = None,
                   name: str | None = None, force_build: bool = True, force_overwrite: bool = True,
                   compression: Any = "gzip", **_: Any) -> None:
        """Builds and saves edges and their types, as <source>_<target>_edges.h5 and ..._edge_types.csv."""
        if not self._maps:
            warnings.warn("save_edges: no edges were added to this network", stacklevel=2)
            return
        if force_build:
            self.build()
        elif not self.edges_built:
            warnings.warn("save_edges: the edges are not built: call build(), or use force_build", stacklevel=2)
            return
        files = [edges_file_name, edge_types_file_name, src_network, trg_network, name]
        _core.save_edges(self._core, output_dir, files, _compressed(compression))

    def clear(self) -> None:
        """Forgets the edges; they are built anew when they are needed."""
        self._core.clear_edges()
        for connection in self._maps:
            connection._at, connection._evaluated = None, 0


def _compressed(compression: Any) -> bool:
    if compression in (None, "none", False):
        return False
    if compression == "gzip" or isinstance(compression, int):
        return True
    raise ValueError(f"compression: {compression!r} is not supported; use 'gzip' or 'none'")


def _node_column(name: str, values: Any) -> tuple[Any, str, int | None]:
    """A property of nodes as the extension takes it: values, type, numbers in a row."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"add_nodes: {name}: rows of different lengths") from None
    width = array.shape[1] if array.ndim == 2 else None
    if array.ndim > 2:
        raise ValueError(f"add_nodes: {name}: {array.ndim} dimensions; at most 2 can be stored")
    if array.dtype.kind in "biu":
        return np.ascontiguousarray(array, dtype=np.int64).reshape(-1), array.dtype.name, width
    if array.dtype.kind == "f" and array.dtype.itemsize in (4, 8):
        return np.ascontiguousarray(array, dtype=np.float64).reshape(-1), array.dtype.name, width
    return [str(v) for v in array.reshape(-1).tolist()], "str", width


class _Bar:
    """A progress bar on standard error."""

    WIDTH = 30

    def __init__(self, title: str, wanted: bool | None):
        self.show: Callable[[int, int], None] | None = None
        self._title, self._shown = title, -1
        if wanted or wanted is None and sys.stderr.isatty():
            self.show = self._show

    def _show(self, done: int, total: int) -> None:
        filled = self.WIDTH * done // max(total, 1)
        if filled != self._shown:
            self._shown = filled
            bar = "#" * filled + "." * (self.WIDTH - filled)
            print(f"\r{self._title} [{bar}] {done}/{total}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._shown >= 0:
            print("\r" + " " * 78 + "\r", end="", file=sys.stderr, flush=True)
