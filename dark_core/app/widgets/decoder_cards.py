"""What each decoder does, where it comes from and where it is known to fail."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dark_core.app.runtime.page import hidden
from dark_core.app.text.catalog import read_catalog
from dark_core.codec import DECODERS

TEXT = read_catalog("widgets")["decoder_cards"]


def about(names: Iterable[str]) -> None:
    """A folded list of decoders: title, formula, source and, in italics, the known failure."""
    if "decoders_list" in hidden():
        return
    with st.expander(TEXT["title"]):
        st.caption(TEXT["symbols"])
        for name in names:
            one = DECODERS[name]
            title, explanation = st.columns([1, 2.6], gap="small")
            title.markdown(f"**{one.title}**")
            explanation.markdown(f"${one.formula}$\n\n{one.source[0].upper()}{one.source[1:]}. *{one.known_failure}*")
