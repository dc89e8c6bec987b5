"""Long proofs of what DESIGN section 7 claims; their figures stand in docs/trust.md."""
