"""External collections: what the office decides about overdue service fee lines and the agencies they go to."""
