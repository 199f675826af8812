"""Ratios of the main job against its limit, on the project's own schema: `make bench`."""
