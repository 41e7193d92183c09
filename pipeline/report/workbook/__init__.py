"""The workbook: sheets in, bytes out."""
