"""The office's folder: opening the store, its tables, migrations, integrity, backups, and the files written into it."""
