"""How do the answers to a model become one page that can be read, printed and sent to others?"""

from gametheory.report.job import analyse
from gametheory.report.writing import write

__all__ = ["analyse", "write"]
