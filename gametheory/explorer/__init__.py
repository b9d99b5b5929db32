"""How does a model answer while somebody moves its parameters: in a notebook, as a page, or in any host for HTML?"""

from gametheory.explorer.serving import serve
from gametheory.explorer.viewing import View, view
from gametheory.explorer.widget import explore

__all__ = ["View", "explore", "serve", "view"]
