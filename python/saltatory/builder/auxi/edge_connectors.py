"""Connection rules that are functions. They draw from `random` and `numpy.random` as BMTK's do, so that the same seeds
give the same networks; `saltatory.builder.rules` has faster ones."""

from __future__ import annotations

import random

import numpy as np


def distance_connector(source, target, d_weight_min, d_weight_max, d_max, nsyn_min, nsyn_max):
    """Connects with a probability that falls linearly from d_weight_max at distance 0 to d_weight_min at d_max (um)
    and is 0 beyond; from nsyn_min to nsyn_max synapses. A node is not connected with itself."""
    if source.node_id == target.node_id:
        return None
    r = np.linalg.norm(np.array(source["positions"]) - np.array(target["positions"]))
    weight = 0.0
    if r <= d_max:
        t = r / d_max
        weight = d_weight_max * (1.0 - t) + d_weight_min * t
    if weight <= 0 or random.random() > weight:
        return None
    return random.randint(nsyn_min, nsyn_max)


def gaussian_connector(source, target, p, sigma, nsyn_min=1, nsyn_max=1):
    """Connects with the probability p exp(-d^2 / (2 sigma^2)) of the distance d (um). A node is not connected with
    itself."""
    if source.node_id == target.node_id:
        return None
    d = np.linalg.norm(np.array(source["positions"]) - np.array(target["positions"]))
    if random.random() >= p * np.exp(-0.5 * (d / sigma) ** 2):
        return None
    return random.randint(nsyn_min, nsyn_max)


def connect_random(source, target, nsyn_min=0, nsyn_max=10, distribution=None):
    """From nsyn_min to nsyn_max - 1 synapses."""
    return np.random.randint(nsyn_min, nsyn_max)
