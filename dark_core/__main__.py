"""``python -m dark_core``: the command ``dark-core``."""

from dark_core.cli.main import main

if __name__ == "__main__":
    main(prog="python -m dark_core")
