"""Loaders of cells. The simulator has its own; these are there to be registered."""


def loadHOC(cell, template_name, dynamics_params):
    """Cells of HOC templates are made by the simulator."""
    raise NotImplementedError("loadHOC is called by the simulator only")
