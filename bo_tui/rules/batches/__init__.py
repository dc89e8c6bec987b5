"""Payment batches: guarantors', insurers' and agencies' money, entered, balanced, distributed and posted (DESIGN section 2)."""
