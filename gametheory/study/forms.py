"""How does the study treat a model of each form?"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.study.analytic_form import ANALYTIC
from gametheory.study.contract import Form
from gametheory.study.strategic_form import STRATEGIC
from gametheory.study.tree_form import TREES

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["FORMS_OF_STUDY", "form_of"]

FORMS_OF_STUDY = MappingProxyType({"strategic": STRATEGIC, "extensive": TREES, "analytic": ANALYTIC})
"""Form of a model -> what the study does with its games."""


def form_of(model: Model) -> Form:
    """What the study does with the games of a model."""
    return FORMS_OF_STUDY[model.form]
