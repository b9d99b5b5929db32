"""How does an analyst's file become a model, with every mistake named in one go?

``tree`` reads YAML with places, ``schema`` and ``structure`` hold it to its structure, ``checks``, ``formulas`` and
``dependence`` to its meaning, ``build`` makes the model, ``files`` and ``catalogue`` find it, ``editing`` changes it,
``advice`` tells of likely slips.
"""

from gametheory.reader.advice import advice
from gametheory.reader.catalogue import catalogue
from gametheory.reader.editing import edited
from gametheory.reader.files import load, problems, read, starter
from gametheory.reader.schema import schema

__all__ = ["advice", "catalogue", "edited", "load", "problems", "read", "schema", "starter"]
