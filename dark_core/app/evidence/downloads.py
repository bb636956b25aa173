"""The table of Evidence as files, and the command that makes it again."""

from __future__ import annotations

import json
from dataclasses import asdict

import streamlit as st

from dark_core.app.evidence.view import METRICS, TEXT, variant_title
from dark_core.app.text.catalog import listed
from dark_core.app.widgets.downloads import Download, csv_text, download_buttons
from dark_core.evaluation import ablation_table
from dark_core.evaluation.ablation_table import VARIANTS, Table
from dark_core.evaluation.published_results import HEADLINE, PUBLISHED, SOURCE


def show(table: Table) -> None:
    """The table as files, and the command that makes it."""
    texts = TEXT["files"]
    with st.container(horizontal=True, key="files"):
        download_buttons(
            Download(texts["csv"], lambda: as_csv(table), "evidence.csv"),
            Download(texts["json"], lambda: as_json(table), "evidence.json"),
        )
        with st.popover(texts["command"], icon=":material/code:"):
            st.markdown(f"{texts['command_how']} {missing_networks(table)}".rstrip())
            st.code(TEXT["command"], language="bash")


def as_csv(table: Table) -> str:
    """Return every cell of every set, one row each."""
    return csv_text(table.rows())


def as_json(table: Table) -> str:
    """The whole table, and beside it what was published, with its source."""
    published = {
        "source": SOURCE,
        "headline": HEADLINE,
        "size": TEXT["files"]["size"],
        "rows": [asdict(p) for p in PUBLISHED],
    }
    units = {name: metric.axis for name, metric in METRICS.items()}
    titles = {name: variant_title(name) for name in VARIANTS}
    return json.dumps(
        {
            "intervals": TEXT["files"]["intervals"],
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
    return TEXT["files"]["missing"].format(seeds=listed([str(seed) for seed in sorted(set(missing_seeds))]))
