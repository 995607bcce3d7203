"""``python -m termsmith``: the command line, where the script is not on the path."""

from termsmith.cli.main import main

main()
