"""Places on morphologies, with the names of bmtk.builder.bionet."""

from __future__ import annotations

from os import PathLike
from typing import Any, Sequence

from .swc_reader import SWCReader, get_swc

__all__ = ["SWCReader", "get_swc", "rand_syn_locations"]


def rand_syn_locations(src: Any, trg: Any, sections: Sequence[str] = ("soma", "apical", "basal"),
                       distance_range: Sequence[float] = (0.0, 1.0e20),
                       morphology_dir: str | PathLike[str] = "./components/morphologies", return_coords: bool = False,
                       dL: float | None = None) -> list[Any]:
    """A rule for `add_properties`: the section id, position, SWC id and its offset of a synapse on the target, and its
    coordinates if `return_coords`."""
    swc = get_swc(trg, morphology_dir=morphology_dir, use_cache=True, dL=dL)
    sec_ids, sec_xs = swc.choose_sections(sections, distance_range, n_sections=1)
    sec_id, sec_x = sec_ids[0], sec_xs[0]
    swc_id, swc_dist = swc.get_swc_id(sec_id, sec_x)
    found = [sec_id, sec_x, swc_id, swc_dist]
    return [*found, *swc.get_coords(sec_id, sec_x)] if return_coords else found
