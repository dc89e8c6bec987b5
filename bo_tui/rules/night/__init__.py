"""The night of one practice: its run and steps in the store, and what each step does."""
