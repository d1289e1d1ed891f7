"""The calls with which scripts run BioNet: they load a configuration and start the simulator."""

from __future__ import annotations

from os import PathLike
from typing import Any

from . import pyfunction_cache

__all__ = ["BioNetwork", "BioSimulator", "Config", "pyfunction_cache"]


class Config:
    """A simulation configuration."""

    def __init__(self, path: str | PathLike[str]):
        self.path = path

    @classmethod
    def from_json(cls, config_file: str | PathLike[str], validate: bool = False, **_: Any) -> "Config":
        return cls(config_file)

    def build_env(self, force: bool = False) -> None:
        """The simulator makes the output folder itself."""


class BioNetwork:
    """The network of a configuration; it is loaded by the simulator."""

    def __init__(self, config: Config):
        self.config = config

    @classmethod
    def from_config(cls, conf: Config, **_: Any) -> "BioNetwork":
        return cls(conf)


class BioSimulator:
    """A simulation of a configuration."""

    def __init__(self, config: Config):
        self.config = config
        self.result: Any = None

    @classmethod
    def from_config(cls, conf: Config, network: BioNetwork | None = None, **_: Any) -> "BioSimulator":
        return cls(conf)

    def run(self) -> None:
        """Runs the simulation; what it wrote is then in `result`."""
        from ...running import run

        # BMTK replaces results, too.
        self.result = run(self.config.path, overwrite=True)
