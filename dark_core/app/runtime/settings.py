"""What the environment says of the server: Streamlit's settings, and which sites may show the app in their pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from streamlit.config import get_config_options
from streamlit.config_option import ConfigOption

from dark_core.app.text.catalog import read_catalog
from dark_core.errors import InputError

TEXT = read_catalog("runtime")["settings"]

FRAME_ANCESTORS = "DARK_FRAME_ANCESTORS"
"""The variable that names the sites that may show the app in a frame, with spaces between them."""

LIVE = "DARK_LIVE"
"""The variable that says how many visitors may use their webcam live at a time, in each process; 0 for none."""
LIVE_VISITORS, MOST_LIVE = 2, 16
"""How many without the variable, and at most."""

_WORDS = {
    **dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True),
    **dict.fromkeys(("0", "false", "f", "no", "n", "off"), False),
}
_SITE = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?", re.IGNORECASE)


def streamlit_settings(environment: Mapping[str, str]) -> dict[str, object]:
    """Streamlit's settings from variables such as STREAMLIT_SERVER_PORT, as ``streamlit run`` takes them.

    An empty variable is none. ``st.App`` reads those that are sensitive by itself, and no others.
    Raises InputError for a value that its setting cannot have.
    """
    return {
        name: _value(option, environment[option.env_var])
        for name, option in get_config_options().items()
        if environment.get(option.env_var) and not option.sensitive
    }


def _value(option: ConfigOption, text: str) -> object:
    """What ``text`` says for a setting: lists have spaces between their values."""
    if option.multiple:
        values = text.split()
        if any(value[0] in "[\"'" or value[-1] in "]\"'," for value in values):
            raise _refused(option.env_var, text, TEXT["list"])
        return values
    if option.type is bool:
        if text.strip().lower() not in _WORDS:
            raise _refused(option.env_var, text, TEXT["truth"])
        return _WORDS[text.strip().lower()]
    try:
        return option.type(text)
    except ValueError:
        raise _refused(option.env_var, text, TEXT["whole" if option.type is int else "number"]) from None


def frame_ancestors(environment: Mapping[str, str]) -> str:
    """The sites that may show the app inside their pages, beside itself; "" for none. Raises InputError."""
    text = environment.get(FRAME_ANCESTORS, "")
    if not all(_SITE.fullmatch(site) for site in text.split()):
        raise _refused(FRAME_ANCESTORS, text, TEXT["sites"])
    return " ".join(text.split())


def live_visitors(environment: Mapping[str, str]) -> int:
    """How many visitors may use their webcam live at a time. Raises InputError."""
    text = environment.get(LIVE, "").strip() or str(LIVE_VISITORS)
    if not (text.isdecimal() and int(text) <= MOST_LIVE):
        raise _refused(LIVE, text, TEXT["live"].format(most=MOST_LIVE))
    return int(text)


def _refused(variable: str, text: str, expected: str) -> InputError:
    return InputError(TEXT["refused"].format(variable=variable, text=text, expected=expected))
