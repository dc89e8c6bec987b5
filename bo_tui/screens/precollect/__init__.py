"""Pre-Collections (Transworld): Start files, Stop files, and the accounts that TSI has (DESIGN sections 4 and 6)."""

ENROLL = "An administrator enrolls it: Alt+X, C, then Alt+P."
