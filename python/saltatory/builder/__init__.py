"""Building of networks, with the names of bmtk.builder."""

from .network_builder import NetworkBuilder

__all__ = ["NetworkBuilder"]
