"""What the office decides and does. Rules know no screen, print nothing and write no files."""
