"""Edges as users see them."""

from __future__ import annotations

from typing import Any


class Edge:
    """A connection: a pair of cells with its number of synapses, or one synapse where synapses have own values."""

    __slots__ = ("source_node_id", "target_node_id", "edge_type_properties", "synaptic_properties")

    def __init__(self, source: int, target: int, type_properties: dict[str, Any], synaptic: dict[str, Any]):
        self.source_node_id = source
        self.target_node_id = target
        self.edge_type_properties = type_properties
        self.synaptic_properties = synaptic

    @property
    def source_gid(self) -> int:
        return self.source_node_id

    @property
    def target_gid(self) -> int:
        return self.target_node_id

    @property
    def edge_type_id(self) -> int:
        return self.edge_type_properties["edge_type_id"]

    def __contains__(self, item: object) -> bool:
        return item in self.edge_type_properties or item in self.synaptic_properties

    def __getitem__(self, item: str) -> Any:
        if item in self.edge_type_properties:
            return self.edge_type_properties[item]
        return self.synaptic_properties.get(item)

    def __repr__(self) -> str:
        own = ", ".join(f"'{k}': {v}" for k, v in self.synaptic_properties.items())
        return f"{self.source_node_id} --> {self.target_node_id} ('edge_type_id': {self.edge_type_id}, {own})"
