"""NetworkBuilder, under the name that tutorials import it from."""

from .network_builder import NetworkBuilder

__all__ = ["NetworkBuilder"]
