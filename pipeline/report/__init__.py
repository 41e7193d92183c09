"""The period report: one page to read, one workbook of tables and a methods section."""
