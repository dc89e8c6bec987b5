"""What administrators decide: assignments, exclusion and collection rules, agencies, practice settings; each change is an act."""
