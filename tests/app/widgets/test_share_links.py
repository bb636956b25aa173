"""The QR code of a link: what a phone's camera would decode, and the address that is too long for one."""

from urllib.parse import parse_qs

import cv2
import numpy as np
import segno
from streamlit.testing.v1 import AppTest


def codes(address: str) -> list[str]:
    """The HTML of the codes that are shown."""

    def page(address: str) -> None:
        from dark_core.app.widgets.share_links import show_qr_code

        show_qr_code(address, 240)

    app = AppTest.from_function(page, args=(address,)).run()
    assert not app.exception
    return [element.proto.body for element in app.get("html")]


def test_the_code_holds_the_address():
    address = "https://pose.example.org/Encode?input=128&room=ABCD&hide=answer,scene"
    (html,) = codes(address)
    assert segno.make(address, error="m").svg_data_uri(border=4, light="#fff", omitsize=True) in html
    matrix = np.array([list(row) for row in segno.make(address, error="m").matrix], np.uint8)
    picture = np.kron(np.pad(255 * (1 - matrix), 4, constant_values=255), np.ones((8, 8), np.uint8))
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == address


def test_an_address_that_no_code_can_hold_has_none():
    assert codes("https://pose.example.org/?x=" + "é" * 3000) == []


def test_a_link_passes_on_what_controls_write_and_no_markup():
    def page() -> None:
        import streamlit as st

        from dark_core.app.widgets.share_links import page_address

        st.text(page_address(hide="answer,table", view=""))

    app = AppTest.from_function(page)
    given = {"scene": "runner", "show": "¼ shift", "box": "1, 2.5, 3, −4", "view": "one", "x": "<b>", "y": "a\u202eb"}
    for name, value in {**given, "z": "9" * 501, "u": "$a$", "w": 'q"'}.items():
        app.query_params[name] = value
    (text,) = app.run().text
    assert parse_qs(text.value[1:]) == {
        "scene": ["runner"], "show": ["¼ shift"], "box": ["1, 2.5, 3, −4"], "hide": ["answer,table"]
    }  # fmt: skip
