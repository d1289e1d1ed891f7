"""Pictures of spikes."""

from ..plotting import plot_raster, plot_rates

__all__ = ["plot_raster", "plot_rates"]
