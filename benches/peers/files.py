"""SONATA's HDF5 files of nodes and edges, written column by column."""

import h5py
import numpy as np


def _begin(path):
    h5 = h5py.File(path, "w")
    h5.attrs["magic"] = np.uint32(0x0A7A)
    h5.attrs["version"] = np.array([0, 1], dtype=np.uint32)
    return h5


def _index(group, name, ids, count):
    """Edges of each node. One run per edge: simple, and right for any order."""
    order = np.argsort(ids, kind="stable")
    edges = np.arange(len(ids), dtype=np.uint64)[order]
    first = np.searchsorted(ids[order], np.arange(count))
    last = np.searchsorted(ids[order], np.arange(count), side="right")
    group.create_dataset(f"indices/{name}/node_id_to_range", data=np.stack([first, last], 1).astype(np.uint64))
    group.create_dataset(f"indices/{name}/range_to_edge_id", data=np.stack([edges, edges + 1], 1).astype(np.uint64))


def edges_file(path, name, populations, ids, counts, types, columns):
    """Edges in one group: populations, ids and counts of nodes are pairs of source and target."""
    with _begin(path) as h5:
        group = h5.create_group(f"edges/{name}")
        for key, nodes, population in zip(("source", "target"), ids, populations):
            group[f"{key}_node_id"] = nodes.astype(np.uint64)
            group[f"{key}_node_id"].attrs["node_population"] = population
        n = len(ids[0])
        group["edge_type_id"] = types.astype(np.uint32)
        group["edge_group_id"] = np.zeros(n, dtype=np.uint16)
        group["edge_group_index"] = np.arange(n, dtype=np.uint32)
        group.create_group("0")
        for column, values in columns.items():
            group[f"0/{column}"] = values
        _index(group, "target_to_source", ids[1], counts[1])
        _index(group, "source_to_target", ids[0], counts[0])


def nodes_file(path, name, types):
    """Nodes without attributes of their own."""
    with _begin(path) as h5:
        group = h5.create_group(f"nodes/{name}")
        n = len(types)
        group["node_id"] = np.arange(n, dtype=np.uint64)
        group["node_type_id"] = types.astype(np.uint64)
        group["node_group_id"] = np.zeros(n, dtype=np.uint32)
        group["node_group_index"] = np.arange(n, dtype=np.uint64)
        group.create_group("0")
