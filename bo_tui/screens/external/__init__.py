"""External Collections: the tabs Pending, Transactions and Files, and their dialogs."""
