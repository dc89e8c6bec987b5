"""Address corrections: what address services say is loaded, then approved, denied, acknowledged or flagged.

external_collections.md section 10. The load is `load.load`; what operators decide stands in `decide`.
"""
