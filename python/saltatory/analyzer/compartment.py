"""Pictures of reports."""

from ..plotting import plot_traces

__all__ = ["plot_traces"]
