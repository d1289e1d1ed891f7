"""Builds SONATA networks, runs them, and reads the results."""

from .results import Report, Spikes, read_report, read_spikes
from .running import Result, RunError, run

__all__ = ["Report", "Result", "RunError", "Spikes", "read_report", "read_spikes", "run"]
