"""Pictures of potentials at electrodes."""

from ..plotting import plot_ecp

__all__ = ["plot_ecp"]
