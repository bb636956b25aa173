"""A command of ``dark-core``, run in this process: the same parser, output and exit code, without a new interpreter."""

import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout

from dark_core.cli.main import main


def run(*arguments) -> subprocess.CompletedProcess:
    """What ``python -m dark_core`` with these arguments ends with; a traceback is raised."""
    words, out, error = list(map(str, arguments)), io.StringIO(), io.StringIO()
    code: object = 0
    with redirect_stdout(out), redirect_stderr(error):
        try:
            main(words, prog="python -m dark_core")
        except SystemExit as exit:
            code = exit.code or 0
    if isinstance(code, str):  # as the interpreter does
        error.write(code + "\n")
        code = 1
    return subprocess.CompletedProcess(words, code, out.getvalue(), error.getvalue())
