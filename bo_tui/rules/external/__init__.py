"""External collections: what is selected, queued, posted, placed, moved and taken back."""
