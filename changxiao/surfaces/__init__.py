"""Surfaces: pages that compose several rooms; nobody imports a surface."""
