"""Payment Batches: the list of batches, one batch, one payment, and the sheet on which its money is distributed."""
