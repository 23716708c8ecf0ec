"""What leaves the tables for an office: workbooks, CSV, calendars, lines of JSON. Nothing in them can act."""
