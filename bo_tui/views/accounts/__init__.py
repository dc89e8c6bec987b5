"""What the Accounts page and an account's tabs show."""
