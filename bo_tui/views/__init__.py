"""What pages show: one module a page, keyset reads that return plain rows."""
