"""The table of Evidence as files, and the command that makes it again."""

from __future__ import annotations

import json
from dataclasses import asdict

import streamlit as st

from dark_core.app.evidence.view import COMMAND, METRICS, variant_title
from dark_core.app.widgets.downloads import Download, csv_text, download_buttons
from dark_core.evaluation import ablation_table
from dark_core.evaluation.ablation_table import VARIANTS, Table
from dark_core.evaluation.published_results import HEADLINE, PUBLISHED, SOURCE


def show(table: Table) -> None:
    """The table as files, and the command that makes it."""
    with st.container(horizontal=True, key="files"):
        download_buttons(
            Download("Table (CSV)", lambda: as_csv(table), "evidence.csv"),
            Download("Everything (JSON)", lambda: as_json(table), "evidence.json"),
        )
        with st.popover("Command", icon=":material/code:"):
            st.markdown(
                f"Reads every set by every network again and writes this table; `--set` may be given several times, "
                f"`--exact` names the sets whose joints are known exactly{missing_networks(table)}:"
            )
            st.code(COMMAND, language="bash")


def as_csv(table: Table) -> str:
    """Return every cell of every set, one row each."""
    return csv_text(table.rows())


def as_json(table: Table) -> str:
    """The whole table, and beside it what was published, with its source."""
    published = {
        "source": SOURCE,
        "headline": HEADLINE,
        "size": "width, height",
        "rows": [asdict(p) for p in PUBLISHED],
    }
    units = {name: metric.axis for name, metric in METRICS.items()}
    titles = {name: variant_title(name) for name in VARIANTS}
    return json.dumps(
        {
            "intervals": "value, then the ends of the 95 % interval over resamples of the people",
            "units": units,
            "readings": titles,
            "measured": table.data,
            "published": published,
        },
        indent=1,
        ensure_ascii=False,
    )


def missing_networks(table: Table) -> str:
    """What else the command needs, if networks of the table are missing from this copy."""
    missing_seeds = [one["seed"] for one in ablation_table.missing(table)]
    if not missing_seeds:
        return ""
    seeds = " and ".join(map(str, sorted(set(missing_seeds))))
    return f", `--networks` a folder that holds those of seed {seeds} too, which are not in this copy"
