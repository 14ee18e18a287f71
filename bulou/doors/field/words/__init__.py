"""The texts of the app, one list of each part: `WORDS`, a tuple of English msgids."""
