"""Builds SONATA networks, runs them, and reads and draws the results."""

from .plotting import Picture, check, plot, plot_ecp, plot_raster, plot_rates, plot_traces
from .results import Report, Spikes, read_report, read_spikes
from .running import Result, RunError, run

__all__ = ["Picture", "Report", "Result", "RunError", "Spikes", "check", "plot", "plot_ecp", "plot_raster",
           "plot_rates", "plot_traces", "read_report", "read_spikes", "run"]
