"""How fast the pages are, against two bare yardsticks on the same server: ``make bench``."""
