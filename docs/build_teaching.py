"""Write the teacher's lesson into docs/teaching.md, from the stops of the tour: ``python -m docs.build_teaching``."""

from pathlib import Path

from dark_core.app.tour import guide

PAGE = Path(__file__).parent / "teaching.md"
MARK = "<!-- Written by python -m docs.build_teaching; edit dark_core/app/text/en/tour.toml instead. -->\n\n"


def with_guide(text: str) -> str:
    """The page with the lesson at its end, in place of an earlier one."""
    return text.partition(MARK)[0].rstrip() + "\n\n" + MARK + guide.printed()


if __name__ == "__main__":
    PAGE.write_text(with_guide(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
