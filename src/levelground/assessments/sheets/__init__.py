"""The workbook as a spreadsheet: out with lists and protection, in again by way of a page that shows the difference."""
