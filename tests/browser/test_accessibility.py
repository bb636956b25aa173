"""What would keep somebody from using a page is found; test_layout.py looks for it on every page."""

from tests.support.accessibility import pale_axes, violations


def test_axe_would_see_what_is_wrong(page):
    page.set_content("<html lang='en'><title>x</title><img src='x.png'><p style='color:#ccc'>pale</p></html>")
    assert {one["id"] for one in violations(page)} >= {"image-alt", "color-contrast"}


def test_a_pale_axis_is_found(page):
    texts = "".join(f"<g class=xtick><text fill='{color}'>{color}</text></g>" for color in ("#777", "#757575", "#eee"))
    page.set_content(f"<body style='background: #fff'><svg>{texts}</svg></body>")
    assert pale_axes(page) == ["#777: 4.5", "#eee: 1.2"]  # 4.48 and 4.61 are the two grays' contrasts with white
