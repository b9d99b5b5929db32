"""What does ``python -m gametheory`` do? The same as the command ``gametheory``."""

from gametheory.cli import main

if __name__ == "__main__":
    main()
