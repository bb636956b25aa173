"""docs/your-network.md quotes what ``dark-core choose`` prints for the bundled sample."""

import re
from pathlib import Path

import pytest

from dark_core.cli.main import main
from dark_core.evaluation.sample_heatmaps import SAMPLE

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"−?\d+\.?\d*")


def test_the_quoted_report_is_what_the_command_prints(capsys):
    page = (ROOT / "docs" / "your-network.md").read_text(encoding="utf-8")
    command, *quoted = re.search(r"^```text\n(\$ dark-core choose .*?)^```$", page, re.M | re.S)[1].splitlines()
    assert command == f"$ dark-core choose {SAMPLE.relative_to(ROOT).as_posix()}"
    main(["choose", str(SAMPLE)])
    printed = iter(capsys.readouterr().out.splitlines())
    assert len(quoted) > 25
    for line in quoted:
        if line in ("…", ""):
            continue
        same = next((one for one in printed if NUMBER.sub("#", one) == NUMBER.sub("#", line)), None)
        assert same is not None, f"the command prints no line like this one, in this order: {line}"
        ours, theirs = ([float(one.replace("−", "-")) for one in NUMBER.findall(text)] for text in (line, same))
        # Another machine rounds differently: by 0.1 in %, by thousandths in px.
        assert ours == pytest.approx(theirs, abs=0.005, rel=0.002)
