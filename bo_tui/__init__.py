"""A medical practice's Back Office in a terminal."""

__version__ = "0.1.0"
