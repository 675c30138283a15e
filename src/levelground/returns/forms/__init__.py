"""What people may type about returns. Forms check; services save."""

from .network import DatesForm, FigureForm, ReturnsFilterForm, YearForm
from .writing import Listed, ReturnForm

__all__ = ["DatesForm", "FigureForm", "Listed", "ReturnForm", "ReturnsFilterForm", "YearForm"]
