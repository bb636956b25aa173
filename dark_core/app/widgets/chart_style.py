"""The style of a chart on a page: the theme's colors, larger text while presenting."""

from __future__ import annotations

import streamlit as st

from dark_core.app.runtime.page import presenting
from dark_core.figures.charts.chart import ChartStyle


def chart_style(height: int) -> ChartStyle:
    """The style of a chart of ``height`` px in the visitor's theme."""
    theme = f"theme.{st.context.theme.type or 'light'}"
    ink, ground = (st.get_option(f"{theme}.{name}") for name in ("textColor", "backgroundColor"))
    return ChartStyle(height, 20 if presenting() else 13, ink, ground)
