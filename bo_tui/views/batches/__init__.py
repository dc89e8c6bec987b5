"""What the pages of payment batches show: batches, their payments, and what of each goes where."""
