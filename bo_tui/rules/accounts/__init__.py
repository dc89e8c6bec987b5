"""A guarantor's account by hand: its data, notes, held statements, payment plans, aging, and what is printed of it."""
