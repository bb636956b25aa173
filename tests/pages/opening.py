"""A page of the app opened by a link, under AppTest."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"


def opened(path: str, **query: str) -> AppTest:
    """The page whose script lies at ``path``, run once, with ``query`` in its address; it must show no traceback."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    if path != APP.name:
        app.switch_page(path)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app
