"""The registry told on a page."""

from streamlit.testing.v1 import AppTest

from dark_core.codec import DECODERS


def page(names, hide):
    import streamlit as st

    from dark_core.app.widgets import decoder_cards

    st.query_params["hide"] = hide
    decoder_cards.about(names)


def test_each_decoder_is_explained_with_formula_source_and_failure():
    app = AppTest.from_function(page, args=(list(DECODERS), ""), default_timeout=30).run()
    assert not app.exception and app.expander[0].label == "What each decoder does, and where it fails"
    said = [text.value for text in app.markdown]
    assert len(said) == 2 * len(DECODERS)
    for one, title, told in zip(DECODERS.values(), said[::2], said[1::2]):
        assert title == f"**{one.title}**"
        assert told.startswith(f"${one.formula}$") and one.known_failure in told and one.source[1:] in told


def test_it_can_be_left_out():
    app = AppTest.from_function(page, args=(["dark"], "decoders_list"), default_timeout=30).run()
    assert not app.exception and not app.expander
