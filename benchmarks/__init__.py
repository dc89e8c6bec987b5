"""Figures for docs/performance.md: what the program costs beside the least that the same work could cost."""
