"""Address Corrections: what address services say, loaded, approved, denied, acknowledged or flagged."""
