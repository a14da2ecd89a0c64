"""`python -m layerviz` is the command `layerviz`."""

from layerviz.cli import main

if __name__ == "__main__":
    main()
