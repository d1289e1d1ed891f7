"""What a call of add_edges asks for."""

from __future__ import annotations

import numbers
from functools import partial
from typing import Any, Callable, Sequence

import numpy as np

from .node import NodeArrays, NodePool
from .rules import NativeRule

ITERATORS = ("one_to_one", "one_to_all", "all_to_one")


class ConnectionMap:
    """A rule that connects sources with targets, and properties of the connections."""

    def __init__(self, sources: NodePool, targets: NodePool, connector: Any, connector_params: dict | None,
                 iterator: str, edge_type_properties: dict[str, Any]):
        self.source_nodes = sources
        self.target_nodes = targets
        self.connector = connector
        self.connector_params = connector_params or {}
        self.iterator = iterator
        self.edge_type_properties = edge_type_properties
        self.params: list[_Properties] = []
        self._evaluated = 0
        self._at: int | None = None

    @property
    def edge_type_id(self) -> int:
        return self.edge_type_properties["edge_type_id"]

    @property
    def source_network_name(self) -> str:
        return self.source_nodes.network_name

    @property
    def target_network_name(self) -> str:
        return self.target_nodes.network_name

    @property
    def property_names(self) -> list[str]:
        return [name for p in self.params for name in p.names] or ["nsyns"]

    def max_connections(self) -> int:
        return len(self.source_nodes) * len(self.target_nodes)

    def add_properties(self, names: str | Sequence[str], rule: Any = None, rule_params: dict | None = None,
                       values: Any = None, dtypes: Any = None) -> None:
        """Gives each synapse its own values of one or several properties.

        :param names: a name, or a list of names
        :param rule: a function of source, target and rule_params, called once for each synapse; or a value; or a list
            with a value for each synapse
        :param rule_params: further arguments of the function
        :param values: a list with a value for each synapse, in place of a rule
        :param dtypes: the NumPy type of the property, or a list with one for each name; float64 if not given
        """
        if (rule is None) == (values is None):
            raise ValueError("add_properties: give either rule or values")
        several = not isinstance(names, str)
        names = [names] if isinstance(names, str) else list(names)
        if not names or not all(isinstance(n, str) and n for n in names):
            raise ValueError(f"add_properties: names: expected a name or a list of names, found {names!r}")
        known = self.property_names
        for i, name in enumerate(names):
            if name in known or name in names[:i]:
                raise ValueError(f"add_properties: names: property {name} was already added")
        if dtypes is None or not isinstance(dtypes, (list, tuple)):
            dtypes = [dtypes] * len(names)
        if len(dtypes) != len(names):
            raise ValueError(f"add_properties: dtypes: {len(dtypes)} types for {len(names)} names")
        types = [_dtype(name, dtype) for name, dtype in zip(names, dtypes)]
        self.params.append(_Properties(names, types, several, rule if values is None else values, rule_params or {}))

    def _connect(self, progress: Callable[[int, int], None] | None) -> tuple[str, dict[str, Any]]:
        """The rule as the extension takes it; functions are called here."""
        rule, iterator = self.connector, self.iterator
        if isinstance(rule, NativeRule):
            return rule._kind, rule._parameters()
        if isinstance(rule, (list, np.ndarray)) and np.ndim(rule) > 0:
            kind = {"one_to_one": "pairs", "one_to_all": "targets", "all_to_one": "sources"}[iterator]
            return kind, {"counts": _counts(rule, None, "connection_rule")}
        if callable(rule):
            return "explicit", self._call(partial(rule, **self.connector_params), progress)
        if rule is None or isinstance(rule, numbers.Real) or np.isscalar(rule) and not isinstance(rule, str):
            return "constant", {"n": _count(rule)}
        raise ValueError(f"add_edges: connection_rule: expected a number, a list or a function, found {rule!r}")

    def _call(self, rule: Callable, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
        sources, targets = self.source_nodes._nodes(), self.target_nodes._nodes()
        vectorized = getattr(self.connector, "_saltatory_vectorized", False)
        src: list[Any] = []
        trg: list[Any] = []
        num: list[Any] = []
        if self.iterator == "one_to_one":
            if vectorized:
                raise ValueError("add_edges: iterator: a vectorised rule needs 'one_to_all' or 'all_to_one'")
            for i, source in enumerate(sources):
                for j, target in enumerate(targets):
                    n = rule(source, target)
                    if n:
                        src.append(i)
                        trg.append(j)
                        num.append(_count(n))
                if progress:
                    progress(i + 1, len(sources))
            return {"sources": _ids(src), "targets": _ids(trg), "counts": _ids(num)}
        outer, inner = (sources, targets) if self.iterator == "one_to_all" else (targets, sources)
        others: Any = NodeArrays(inner) if vectorized else inner
        for i, node in enumerate(outer):
            found = rule(node, others) if self.iterator == "one_to_all" else rule(others, node)
            counts = _counts(found, len(inner), "connection_rule")
            places = np.flatnonzero(counts)
            src.append(np.full(len(places), i, dtype=np.uint32))
            trg.append(places.astype(np.uint32))
            num.append(counts[places])
            if progress:
                progress(i + 1, len(outer))
        first, second, n = (np.concatenate(v) if v else _ids([]) for v in (src, trg, num))
        if self.iterator == "all_to_one":
            # By source, as with the other iterators.
            first, second = second, first
            order = np.argsort(first, kind="stable")
            first, second, n = first[order], second[order], n[order]
        return {"sources": first, "targets": second, "counts": n}


class _Properties:
    def __init__(self, names: list[str], types: list[str], several: bool, rule: Any, rule_params: dict):
        self.names, self.types, self.several, self.rule, self.rule_params = names, types, several, rule, rule_params

    def values(self, sources: np.ndarray, targets: np.ndarray, source_nodes: list, target_nodes: list
               ) -> tuple[list[Any] | None, list[Any] | None]:
        """Constants, or columns, for synapses given by the rows of their sources and targets."""
        rule, n = self.rule, len(sources)
        if isinstance(rule, (list, np.ndarray)) and not callable(rule):
            if len(rule) < n:
                raise ValueError(f"add_properties: {self.names[0]}: {len(rule)} values for {n} synapses")
            rows = [rule[i] for i in range(n)]
        elif not callable(rule):
            constants = list(rule) if self.several and isinstance(rule, tuple) else [rule]
            if len(constants) != len(self.names):
                raise ValueError(f"add_properties: rule: {len(constants)} values for {len(self.names)} names")
            return [_item(c) for c in constants], None
        elif getattr(rule, "_saltatory_vectorized", False):
            found = rule(NodeArrays(source_nodes).take(sources), NodeArrays(target_nodes).take(targets),
                         **self.rule_params)
            columns = list(found) if self.several else [found]
            return None, [_column(name, type_, np.asarray(c), n)
                          for name, type_, c in zip(self.names, self.types, self._checked(columns))]
        else:
            call = partial(rule, **self.rule_params)
            rows = [call(source_nodes[s], target_nodes[t]) for s, t in zip(sources.tolist(), targets.tolist())]
        if not self.several:
            columns = [rows]
        elif not rows:
            columns = [[] for _ in self.names]
        else:
            for row in rows:
                self._checked(row)
            columns = list(zip(*rows))
        return None, [_column(name, type_, c, n) for name, type_, c in zip(self.names, self.types, columns)]

    def _checked(self, values: Any) -> Any:
        try:
            found = len(values)
        except TypeError:
            found = None
        if found != len(self.names):
            what = "one value" if found is None else f"{found} values"
            raise ValueError(f"add_properties: rule: {what} for {len(self.names)} names ({', '.join(self.names)})")
        return values


def _item(value: Any) -> Any:
    """A scalar out of an array of one element."""
    if isinstance(value, np.ndarray) and value.size == 1:
        return value.reshape(-1)[0].item()
    return value.item() if isinstance(value, np.generic) else value


def _column(name: str, type_: str, values: Any, n: int) -> Any:
    if len(values) != n:
        raise ValueError(f"add_properties: {name}: {len(values)} values for {n} synapses")
    if type_ == "str":
        return [str(_item(v)) for v in values]
    try:
        array = np.array([_item(v) for v in values] if not isinstance(values, np.ndarray) else values)
        wide = np.float64 if type_.startswith("float") else np.int64
        return np.ascontiguousarray(array.astype(wide).reshape(n))
    except (TypeError, ValueError) as e:
        raise ValueError(f"add_properties: {name}: a value can't be stored as {type_}: {e}") from None


def _dtype(name: str, dtype: Any) -> str:
    if dtype is None:
        return "float64"
    try:
        found = np.dtype(dtype)
    except TypeError:
        raise ValueError(f"add_properties: dtypes: {dtype!r} of {name} is no NumPy type") from None
    if found.kind in "US":
        return "str"
    if found.kind not in "biuf" or found.itemsize > 8 or found.name == "float16":
        raise ValueError(f"add_properties: dtypes: {found.name} of {name} can't be stored; "
                         "use bool, int8 to int64, uint8 to uint64, float32, float64 or str")
    return found.name


def _count(value: Any) -> int:
    if value is None:
        return 0
    try:
        n = int(_item(value))
    except (TypeError, ValueError):
        raise ValueError(f"add_edges: connection_rule: expected a number of synapses, found {value!r}") from None
    if not 0 <= n < 2**32:
        raise ValueError(f"add_edges: connection_rule: {n} is no number of synapses")
    return n


def _ids(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.uint32)


def _counts(values: Any, wanted: int | None, argument: str) -> np.ndarray:
    try:
        array = np.asarray([0 if v is None else v for v in values] if isinstance(values, (list, tuple)) else values,
                           dtype=np.float64).reshape(-1)
    except (TypeError, ValueError):
        raise ValueError(f"add_edges: {argument}: expected numbers of synapses, found {values!r}") from None
    if wanted is not None and len(array) != wanted:
        raise ValueError(f"add_edges: {argument}: the rule gave {len(array)} numbers for {wanted} nodes")
    if len(array) and not (array.min() >= 0 and array.max() < 2**32):
        raise ValueError(f"add_edges: {argument}: numbers of synapses can't be negative")
    return array.astype(np.uint32)
