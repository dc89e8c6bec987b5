"""Bytes in and out, pure: knows dataclasses, not tables."""
