"""Where scripts import `loadHOC` from."""
