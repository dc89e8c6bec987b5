"""Money held: what no line has - on account, in suspense, in miscellaneous income - and what agencies are owed."""
