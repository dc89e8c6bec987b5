"""The Accounts page, the finder, and the six tabs of one account."""
