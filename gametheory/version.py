"""Which version of the toolkit is this?"""

__version__ = "0.1.0"
