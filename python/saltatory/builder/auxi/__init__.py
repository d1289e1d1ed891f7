"""Positions, rotations and connection rules, with the names of bmtk.builder.auxi."""
