"""One source of truth: the live figures and dark_core are given the same cases, and every value drawn agrees.

The figures run as the app sends them, in one blank page, with data made by the very functions the pages use.
"""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from playwright.sync_api import Browser

from dark_core.app.decode import view as decode_page
from dark_core.app.decode.text import TEXT
from dark_core.app.encode import view as encode_page
from dark_core.app.runtime.component_files import component_file
from dark_core.app.smooth import view as smooth_page
from dark_core.app.widgets import interactive_component, lesson_heatmap
from dark_core.app.widgets.joint_picker import PickedJoint
from dark_core.app.widgets.lesson_heatmap import LessonHeatmap
from dark_core.app.widgets.photo_source import scene_picture
from dark_core.codec import CORE_DECODERS, DECODERS, Status, decode, encode, quantize, reference, smooth, trace
from dark_core.figures import colors
from dark_core.figures.decoder_style import ENCODING_STYLES
from dark_core.files.scenes import load_scenes
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON
from dark_core.simulation.heatmaps import SCENARIOS, SimulatedHeatmap

CLOSE = {"atol": 1e-6, "rtol": 0}
REAL = (("kick", "right wrist"), ("edge_of_frame", "left ankle"), ("jump_shot", "left wrist"))

MOUNT = """
async (sources) => {
  const figures = {};
  for (const [name, source] of Object.entries(sources)) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    figures[name] = (await import(url)).default;
  }
  const place = (group) => group.getAttribute("transform").slice("translate(".length, -1).split(" ").map(Number);
  const number = (mn) => (mn.previousElementSibling?.getAttribute("form") === "prefix" ? "-" : "") + mn.textContent;
  window.mount = (name, data) => {
    const parent = document.createElement("div");
    document.querySelector("#stage").replaceChildren(parent);
    window.sent = [];
    const setStateValue = (key, value) => sent.push([key, value]);
    window.call = (data) => figures[name]({ data, parentElement: parent, setStateValue });
    call(data);
  };
  window.seen = () => {
    const root = document.querySelector(".figure-root");
    const handle = root.querySelector(".handle");
    const panels = [...root.querySelectorAll("[data-panel]")].map((panel) => {
      const svg = panel.querySelector("svg");
      const all = (selector) => [...svg.querySelectorAll(`.overlay ${selector}`)];
      return [panel.dataset.panel, {
        view: svg.getAttribute("viewBox").split(" ").map(Number),
        label: svg.getAttribute("aria-label"),
        note: panel.querySelector(".note").textContent,
        title: panel.querySelector(".title").textContent,
        magnification: panel.querySelector(".magnification").textContent,
        width: svg.getBoundingClientRect().width,
        image: svg.querySelector("image")?.getAttribute("href") ?? null,
        marks: Object.fromEntries(all("[data-mark]").map((g) => [g.dataset.mark, place(g)])),
        texts: all("text").map((t) => [Number(t.getAttribute("x")), Number(t.getAttribute("y")), t.textContent]),
        paths: all("path").map((p) => p.getAttribute("d")),
      }];
    });
    return {
      drawn: root.drawn,
      panels: Object.fromEntries(panels),
      handle: handle.style.display === "none" ? null : place(handle),
      numbers: [...root.querySelectorAll(".formula mn")].map(number),
      refused: root.querySelector(".formula .refused")?.textContent ?? "",
      formula: root.querySelectorAll(".formula math").length,
    };
  };
  window.pixels = (panel) => {
    const canvas = document.querySelector(`[data-panel="${panel}"] canvas`);
    return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
  };
}
"""


class Figures:
    """Draws live figures in one page; what it returns holds root.drawn and what stands in the figure's elements."""

    def __init__(self, page):
        self.page = page
        styles = component_file("figure.css") + component_file("interactive_figure.css")
        page.set_content(f"<style>{styles}</style><div id='stage' style='width: 1100px'></div>")
        page.evaluate(
            MOUNT, {name: interactive_component.figure_script(name) for name in ("encode", "smooth", "decode")}
        )

    def draw(self, name: str, state: dict, data: dict, hide: tuple = ()) -> SimpleNamespace:
        sent = {"hide": sorted(hide), "present": False, "epoch": "one", "state": state, **data}
        self.page.evaluate("([name, data]) => mount(name, data)", [name, sent])
        seen = self.seen()
        assert all(re.search(r"\d", panel["label"]) for panel in seen.panels.values()), "a plot is told in numbers"
        return seen

    def seen(self) -> SimpleNamespace:
        return SimpleNamespace(**self.page.evaluate("() => seen()"))


@pytest.fixture(scope="module")
def figures(browser: Browser) -> Iterator[Figures]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Figures(page)
    context.close()
    assert errors == []


# The cases


def made_to_order() -> list[SimulatedHeatmap]:
    """Every scenario, and 40 more: joints anywhere, in corners and on borders of maps of several shapes."""
    rng = np.random.default_rng(2020)
    cases = [scenario.case for scenario in SCENARIOS.values()]
    for k in range(40):
        size = ((32, 32), (40, 24), (21, 36))[k % 3]
        # Hundredths as in a link, yet never a joint half-way between pixels or on one: there the two languages
        # may round a tie differently.
        joint = [rng.integers(0, length) + rng.choice([-0.41, -0.17, 0.08, 0.23, 0.44]) for length in size]
        if k % 4 == 0:  # the corners of the map's area, in turn
            joint = [(-0.5, size[0] - 0.5)[k // 4 % 2], (-0.5, size[1] - 0.5)[k // 8 % 2]]
        if k % 4 == 1:
            joint[k // 4 % 2] = (-0.5, size[k // 4 % 2] - 0.5)[k // 8 % 2]
        cases.append(
            SimulatedHeatmap(
                (float(joint[0]), float(joint[1])),
                size,
                sigma=float(rng.choice([1.5, 2.0, 2.75])),
                amplitude=float(rng.choice([1.0, 1.0, 0.35])),
                noise=float(rng.choice([0, 0, 0.03, 0.1, 0.3])),
                pedestal=float(rng.choice([0, 0.07, 0.3])),
                second=float(rng.choice([0, 0.4, 0.97])),
                second_at=(float(rng.uniform(0, size[0])), float(rng.uniform(0, size[1]))),
                seed=k,
            )
        )
    # Noise alone: the step on the smoothed map is refused in the first, cut to a pixel in the second.
    cases += [SimulatedHeatmap((5.3, 7.2), amplitude=0.0, noise=0.3, seed=seed) for seed in (1247, 441)]
    return cases


CASES = made_to_order()

CUT = (Status.BOUNDED, Status.OTHER_PEAK_BOUNDED)


def on_page(
    case: SimulatedHeatmap, fields: Callable[[SimulatedHeatmap], dict], data: Callable
) -> tuple[dict, LessonHeatmap, dict]:
    """(state, shown, data) as a page makes them of a case on first sight."""
    state = {name: field.checked(field.default) for name, field in fields(case).items()}
    case = lesson_heatmap.changed(case, state)
    shown = lesson_heatmap.simulated(case)
    return state, shown, data(shown, case, None)


@pytest.fixture(scope="module")
def picked_joints() -> list[PickedJoint]:
    """Joints of three scenes, read by the bundled network."""
    network, scenes, found = Estimator.load(), load_scenes(), []
    for scene, joint in REAL:
        picture = scene_picture(scenes[scene])
        pose = network.predict(picture.rgb, picture.to_shown(picture.box))
        found.append(PickedJoint(picture, pose, pose.transform.rescaled(picture.scale), SKELETON.names.index(joint)))
    return found


def assert_says(text: str, value: float, digits: int) -> None:
    """``text`` is ``value`` to so many decimals, with − for a minus; a last half may go either way."""
    assert re.fullmatch(rf"[−-]?\d+\.\d{{{digits}}}" if digits else r"[−-]?\d+", text), text
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.5 * 10**-digits + 1e-6)
    assert not re.fullmatch(r"[−-]0(\.0*)?", text), "no minus zero"


# Decode


def assert_decoded(got: SimpleNamespace, shown: LessonHeatmap) -> None:
    drawn, steps = got.drawn, trace(shown.heatmap, shown.sigma)
    np.testing.assert_allclose(np.reshape(drawn["map"], shown.heatmap.shape), shown.heatmap, **CLOSE)
    smoothed = smooth(shown.heatmap, shown.sigma)
    np.testing.assert_allclose(np.reshape(drawn["smoothed"], smoothed.shape), smoothed, **CLOSE)
    assert drawn["reason"] == steps.status
    landings = decode_page.decoded_positions(shown)
    assert list(drawn["landings"]) == list(CORE_DECODERS)
    flat = drawn["reason"] == Status.FLAT
    assert drawn["peak"] == steps.peak.tolist()
    xx, xy, yy = drawn["hessian"]
    np.testing.assert_allclose(drawn["gradient"], steps.gradient, **CLOSE)
    np.testing.assert_allclose([[xx, xy], [xy, yy]], steps.hessian, **CLOSE)
    np.testing.assert_allclose(drawn["offset"], steps.offset, **CLOSE)
    for name, place in landings.items():
        np.testing.assert_allclose(drawn["landings"][name], place, **CLOSE, err_msg=name)
    np.testing.assert_allclose(drawn["photo"], shown.to_photo(landings["dark"]), **CLOSE)
    base = landings["dark"] if shown.truth is None else shown.truth
    assert (drawn["truth"] is None) == (shown.truth is None)
    for name, place in landings.items():
        assert drawn["misses"][name] == pytest.approx(np.linalg.norm(place - base), abs=1e-6)

    # What stands in the figure: the handle, the markers, the numbers.
    if shown.truth is None:
        assert got.handle is None
    else:
        np.testing.assert_allclose(got.handle, shown.truth, **CLOSE)
    for name, place in landings.items():
        np.testing.assert_allclose(got.panels["map"]["marks"][name], place, **CLOSE)
        if not (flat or (name == "dark" and shown.truth is None)):
            said = re.search(rf"{re.escape(DECODERS[name].title)} (\d+\.\d\d)", got.panels["inset"]["label"])
            assert_says(said[1], drawn["misses"][name], 2)
    assert_landed(got.panels["inset"], landings, shown.truth)
    bar = re.fullmatch(r"The bar is 1 heatmap px = (.*) photo px\.", got.panels["inset"]["note"])
    assert_says(bar[1], shown.photo_px, 1)


def assert_landed(inset: dict, landings: dict[str, np.ndarray], truth: np.ndarray | None) -> None:
    """Landings inside the inset's window are drawn where they are, others on its border, in their direction."""
    x0, y0, side, height = inset["view"]
    assert side == height
    center = np.array([x0, y0]) + side / 2
    if truth is not None:
        np.testing.assert_allclose(inset["marks"]["truth"], truth, **CLOSE)
    inner = side / 2 - 1.6 * side / 34
    for name, place in landings.items():
        drawn, away = np.array(inset["marks"][name]), place - center
        if np.abs(away).max() <= inner:
            np.testing.assert_allclose(drawn, place, **CLOSE, err_msg=name)
        else:
            assert np.abs(drawn - center).max() == pytest.approx(inner, abs=1e-6)
            np.testing.assert_allclose((drawn - center) / np.linalg.norm(drawn - center), away / np.linalg.norm(away))


def test_decode_draws_what_dark_core_computes(figures):
    reasons = set()
    for case in CASES:
        state, shown, data = on_page(case, decode_page.fields, decode_page.data)
        got = figures.draw("decode", state, data)
        assert_decoded(got, shown)
        reasons.add(got.drawn["reason"])
    assert {Status.FINE, Status.FLAT, Status.NOT_CONCAVE, Status.BOUNDED} <= reasons, "the cases end in several ways"


def test_decode_draws_a_real_joint_and_its_photo(figures, picked_joints):
    for picked in picked_joints:
        shown = lesson_heatmap.real(picked)
        fields = decode_page.fields(None)
        data = decode_page.data(shown, None, picked)
        got = figures.draw("decode", {name: field.start for name, field in fields.items()}, data)
        assert_decoded(got, shown)
        landed = decode(picked.heatmap, "dark", picked.pose.sigma).xy  # as on the other pages, in single precision
        np.testing.assert_allclose(got.drawn["photo"], picked.transform.to_photo(landed), atol=0.01)
        assert got.panels["inset"]["image"] == data["ground"] and data["ground"].startswith("data:image/jpeg;base64,")


def formula(stage: int, shown: LessonHeatmap) -> list[tuple[float, int]]:
    """The numbers in the formula of a step that is not refused, each with its decimals."""
    t = trace(shown.heatmap, shown.sigma)
    top, log, one = float(t.smoothed.max()), t.log_patch, (1, 0)
    west, east, north, south, middle = log[1, 0], log[1, 2], log[0, 1], log[2, 1], log[1, 1]
    hessian, gradient = [(v, 3) for v in t.hessian.ravel()], [(v, 3) for v in t.gradient]
    place, scale = shown.to_photo(t.xy), shown.scale[0]
    return {
        1: [(t.raw.max(), 2), *[(v, 0) for v in t.raw_peak]],
        2: [(shown.sigma, 1), (top, 2)],
        3: [(top, 2), (np.log(top), 2)],
        4: [(v, 0) for v in t.peak],
        5: [one, (2, 0), *[(v, 2) for v in (east, west, south, north)], *gradient],
        6: [(east, 2), (2, 0), (middle, 2), (west, 2), *hessian],
        7: [one, *hessian, one, *gradient, *[(v, 2) for v in t.offset]],
        8: [one, *[(v, 0) for v in t.center], *[(v, 2) for v in (*(t.xy - t.center), *t.xy)]],
        9: [(scale, 2), (scale, 2), *[(v, 2) for v in t.xy], *[(v, 1) for v in (*shown.shift, *place)]],
    }[stage]


def test_every_formula_holds_the_numbers_of_its_step(figures, picked_joints):
    looked = [
        on_page(SCENARIOS[name].case, decode_page.fields, decode_page.data)
        for name in ("clean", "noisy", "border", "pedestal")
    ]
    for picked in picked_joints[:1]:
        shown = lesson_heatmap.real(picked)
        looked.append(({"step": 1}, shown, decode_page.data(shown, None, picked)))
    for state, shown, data in looked:
        t = trace(shown.heatmap, shown.sigma)
        for stage in range(1, len(TEXT["figure"]["steps"]) + 1):
            got = figures.draw("decode", {**state, "step": stage}, data)
            expected = formula(stage, shown)
            assert got.formula >= 1 and len(got.numbers) == len(expected), stage
            said = [text for panel in got.panels.values() for text in (panel["label"], panel["note"], panel["title"])]
            assert not re.search(r"undefined|[{}]", "".join(said)), "every number of a sentence is filled in"
            assert got.panels["near"]["title"] == f"{stage} {TEXT['figure']['steps'][stage - 1][0]}"
            for text, (value, digits) in zip(got.numbers, expected, strict=True):
                assert_says(text, value, digits)
            # The nine pixels beside the formula say what the map of this step holds.
            layer = {1: shown.heatmap, 2: t.smoothed}.get(stage, np.log(np.maximum(t.smoothed, 1e-6)))
            texts = [text for text in got.panels["near"]["texts"] if text[2]]
            assert len(texts) == 9
            for x, y, text in texts:
                assert_says(text, layer[round(y), round(x)], 2)
            assert {(round(x), round(y)) for x, y, _ in texts} == {
                (t.center[0] + u, t.center[1] + v) for u in (-1, 0, 1) for v in (-1, 0, 1)
            }


def test_the_values_beside_the_code_are_those_that_the_code_computes(figures):
    """``reference.py`` runs on the heatmap that is shown; the position is also that of ``decode``."""
    for name in ("clean", "noisy", "second", "pedestal"):
        state, shown, data = on_page(SCENARIOS[name].case, decode_page.fields, decode_page.data)
        h = reference.rescale(reference.smooth(shown.heatmap, shown.sigma), shown.heatmap)
        x, y = m = reference.largest(h)
        slope, bend = reference.derivatives(h, m)
        mu, peak = reference.dark(shown.heatmap, shown.sigma), np.log(h[y, x])
        np.testing.assert_allclose(mu, decode(shown.heatmap, "dark", shown.sigma).xy, atol=1e-9)
        expected = [[], [(shown.heatmap.max(), 2)], [(x, 0), (y, 0)]]
        expected += [[*((v, 3) for v in slope), *((v, 3) for v in bend.ravel())]]
        expected += [[*((v, 2) for v in mu - m), *((v, 2) for v in mu)], []]
        expected += [[(x, 0), (y, 0)], [(peak, 3)], [(v, 3) for v in slope], [(v, 3) for v in np.diag(bend)]]
        expected += [[(bend[0, 1], 3)], []]
        for stage in (1, 5, 8):
            figures.draw("decode", {**state, "step": stage}, data)
            written = figures.page.locator(".code .line").evaluate_all(
                "(lines) => lines.map((line) => [line.querySelector('code').textContent, line.ariaCurrent,"
                " line.querySelector('output').textContent])"
            )
            assert [text for text, _, _ in written] == [line["text"] for line in data["code"]]
            marked = [line["text"] for line in data["code"] if stage in line["steps"]]
            assert marked and marked == [text for text, current, _ in written if current == "true"]
            for (_, _, said), values in zip(written, expected, strict=True):
                numbers = re.findall(r"[−-]?\d+(?:\.\d+)?", said)
                assert len(numbers) == len(values), said
                for text, (value, digits) in zip(numbers, values):
                    assert_says(text, value, digits)


def test_a_refused_step_says_why(figures):
    seen = set()
    for case in CASES:
        state, shown, data = on_page(case, decode_page.fields, decode_page.data)
        fallback = trace(shown.heatmap, shown.sigma).fallback
        if not fallback or fallback in seen:
            continue
        seen.add(fallback)
        got = figures.draw("decode", {**state, "step": 7}, data)
        cut = fallback in {one.sentence for one in CUT}
        assert got.refused == (f"{fallback}." if cut else f"No step: {fallback}.")
        assert bool(got.formula) == cut, "a step that was only cut is still shown"
        beside = figures.page.locator(".code output").nth(4).inner_text()
        assert beside.startswith("No step: ") != cut, "the line that returns has no value"
    assert seen == {one.sentence for one in (Status.FLAT, Status.NOT_CONCAVE, Status.BOUNDED)}


def test_the_maps_are_painted_in_our_colors_pixel_for_pixel(figures):
    state, shown, data = on_page(SCENARIOS["noisy"].case, decode_page.fields, decode_page.data)
    figures.draw("decode", {**state, "step": 1}, data)
    painted = np.array(figures.page.evaluate("() => pixels('map')"), np.uint8).reshape(*shown.heatmap.shape, 4)
    np.testing.assert_array_equal(painted[..., :3], colors.colored(shown.heatmap))
    assert (painted[..., 3] == 255).all()


def test_the_inset_says_how_much_larger_it_is(figures):
    state, _, data = on_page(SCENARIOS["clean"].case, decode_page.fields, decode_page.data)
    panels = figures.draw("decode", state, data).panels
    per_px = {name: panels[name]["width"] / panels[name]["view"][2] for name in ("map", "inset")}
    assert panels["inset"]["magnification"] == f"× {per_px['inset'] / per_px['map']:.0f} of the heatmap"


# Smooth


def sign_map(heatmap: np.ndarray) -> np.ndarray:
    """1 where both curvatures of the log are negative, -1 where not, NaN where there is no log or no neighbor."""
    with np.errstate(invalid="ignore", divide="ignore"):
        log = np.where(heatmap > 1e-10 * max(heatmap.max(), 0), np.log(heatmap), np.nan)
    out = np.full(heatmap.shape, np.nan)
    c = log[1:-1, 1:-1]
    dxx = log[1:-1, 2:] - 2 * c + log[1:-1, :-2]
    dyy = log[2:, 1:-1] - 2 * c + log[:-2, 1:-1]
    dxy = (log[2:, 2:] - log[2:, :-2] - log[:-2, 2:] + log[:-2, :-2]) / 4
    largest = (dxx + dyy) / 2 + np.sqrt(((dxx - dyy) / 2) ** 2 + dxy**2)  # the larger eigenvalue of D''
    out[1:-1, 1:-1] = np.where(np.isnan(largest), np.nan, np.where(largest < 0, 1.0, -1.0))
    # Nearly flat in one direction: there the figure asks for a determinant above 1e-12, as the step does.
    unsure = np.abs(largest * (dxx + dyy - largest)) < 2e-12
    out[1:-1, 1:-1][unsure] = np.inf
    return out


def assert_smoothed(got: SimpleNamespace, shown: LessonHeatmap, kernel: float) -> None:
    drawn, shape = got.drawn, shown.heatmap.shape
    layers = {"raw": shown.heatmap, "smoothed": smooth(shown.heatmap, kernel)}
    np.testing.assert_allclose(np.reshape(drawn["map"], shape), layers["raw"], **CLOSE)
    np.testing.assert_allclose(np.reshape(drawn["smoothed"], shape), layers["smoothed"], **CLOSE)
    assert list(drawn["landings"]) == list(CORE_DECODERS)
    ends = {"raw": "taylor", "smoothed": "dark"}
    heatmap = np.asarray(shown.heatmap, dtype=np.float64)
    layer_steps = {"raw": trace(heatmap, 0), "smoothed": trace(heatmap, kernel)}
    for which, layer in layers.items():
        steps, m = layer_steps[which], layer_steps[which].peak
        step = drawn["steps"][which]
        (dxx, dxy), (_, dyy) = steps.hessian
        for name, value in (("center", steps.center), ("gradient", steps.gradient), ("offset", steps.offset)):
            np.testing.assert_allclose(step[name], value, **CLOSE, err_msg=name)
        np.testing.assert_allclose(step["log"], steps.log_patch.ravel(), **CLOSE)
        np.testing.assert_allclose(step["hessian"], [dxx, dxy, dyy], **CLOSE)
        np.testing.assert_allclose(step["xy"], steps.xy, **CLOSE)
        np.testing.assert_allclose(drawn["landings"][ends[which]], steps.xy, **CLOSE)
        assert step["reason"] == steps.status

        signs, expected = np.reshape(drawn["signs"][which], shape).astype(float), sign_map(layer)
        sure = ~np.isinf(expected)
        np.testing.assert_array_equal(np.sign(signs[sure]), expected[sure])
        ys, xs = np.mgrid[: shape[0], : shape[1]]
        circle = np.hypot(xs - m[0], ys - m[1]) <= 1.5 * shown.sigma
        share = re.search(r"(\d+) % of the pixels", got.panels[f"{which}-sign"]["label"])
        assert float(share[1]) == pytest.approx(100 * (expected[circle] == 1).mean(), abs=0.5 + 100 * (~sure).sum())

        # What stands in the step's own panel.
        panel = got.panels[f"{which}-step"]
        np.testing.assert_allclose(panel["marks"][ends[which]], steps.xy, **CLOSE)
        np.testing.assert_allclose(panel["marks"]["argmax"], m, **CLOSE)
        bend, rest = re.fullmatch(r"curvature D″ = (\S+); (.*)", panel["note"]).groups()
        assert_says(bend, dxx, 2)
        if steps.ok or steps.status in CUT:
            off, whence, cut = re.fullmatch(r"ends (\S+) px from the (truth|peak)(, cut to 1 px)?", rest).groups()
            assert (whence == "peak") == (shown.truth is None) and bool(cut) == (steps.status in CUT)
            assert_says(off, np.linalg.norm(steps.xy - (m if shown.truth is None else shown.truth)), 2)
        else:
            assert rest == "no step: the log bends up"
    if shown.truth is not None:
        np.testing.assert_allclose(got.handle, shown.truth, **CLOSE)


def test_smooth_draws_what_dark_core_computes(figures):
    kernels = [0, 0.5, 1, 2, 3.3, 4]
    reasons = set()
    chosen = [case for case in CASES if case.amplitude > 0]  # Smooth's own map always has a joint
    for k, case in enumerate(chosen):
        case = smooth_page.replace(case, pedestal=0.0, second=0.0)  # what Smooth does not offer
        state, shown, data = on_page(case, lambda case: smooth_page.fields(case, case.sigma), smooth_page.data)
        kernel = kernels[k % len(kernels)]
        got = figures.draw("smooth", {**state, "kernel": kernel}, data)
        assert_smoothed(got, shown, kernel)
        reasons |= {step["reason"] for step in got.drawn["steps"].values()}
    assert {Status.FINE, Status.NOT_CONCAVE, Status.BOUNDED} <= reasons, "the cases end in several ways"


def test_smooth_draws_a_real_joint(figures, picked_joints):
    for picked, kernel in zip(picked_joints, (picked.pose.sigma for picked in picked_joints)):
        shown = lesson_heatmap.real(picked)
        state = {name: field.start for name, field in smooth_page.fields(None, shown.sigma).items()}
        assert_smoothed(figures.draw("smooth", state, smooth_page.data(shown, None, picked)), shown, kernel)


def test_the_cuts_run_through_the_values_of_the_peaks_row(figures):
    state, shown, data = on_page(smooth_page.CASE, lambda case: smooth_page.fields(case, case.sigma), smooth_page.data)
    got = figures.draw("smooth", state, data)
    layers = [shown.heatmap, smooth(shown.heatmap, 2.0)]
    for panel, low, high, change in (
        ("cut", 0, 1.2, lambda v: v),
        ("log", -4, 0.5, lambda v: np.log(np.maximum(v, 1e-3))),
    ):
        _, _, width, height = got.panels[panel]["view"]
        curves = [d for d in got.panels[panel]["paths"] if d.count("L") == shown.heatmap.shape[1] - 1]
        assert len(curves) == 2
        for d, layer in zip(curves, layers):
            points = np.array([[float(v) for v in pair.split()] for pair in re.split("[ML]", d)[1:]])
            y = layer.argmax() // layer.shape[1]
            values = np.clip(change(layer[y]), low, high)
            np.testing.assert_allclose(np.diff(points[:, 0]), (width - 40) / shown.heatmap.shape[1], atol=0.011)
            # The axis runs from 26 above the lower edge to 8 below the upper one.
            np.testing.assert_allclose(
                points[:, 1], height - 26 - (values - low) / (high - low) * (height - 34), atol=0.01
            )


# Encode


def test_encode_draws_what_dark_core_computes(figures, picked_joints):
    rng = np.random.default_rng(7)
    for k in range(24):
        picked, size = picked_joints[k % len(picked_joints)], encode_page.INPUTS[k % len(encode_page.INPUTS)]
        transform, _ = encode_page.crop_transforms(picked, size)
        start = encode_page.start(picked)
        seen = encode_page.window(start, transform)
        fields = encode_page.fields(start, transform, seen)
        low, high = (np.array([getattr(fields[axis], end) for axis in "xy"]) for end in ("low", "high"))
        wish = start if k < len(picked_joints) else rng.uniform(low, high)
        wish = (low, high)[k % 2] if k % 6 == 5 else wish  # into the corners
        state = {axis: fields[axis].checked(v) for axis, v in zip("xy", wish)}
        sigma = (0.5, 2.0, 3.5)[k % 3]
        under = "data:image/jpeg;base64,AA==" if k % 2 else None
        got = figures.draw("encode", state, encode_page.data(transform, seen, sigma, under))

        joint = np.array([state["x"], state["y"]])
        xy, found = transform.to_heatmap(joint), encode_page.encoded_joints(joint, transform)
        np.testing.assert_allclose(got.drawn["xy"], xy, **CLOSE)
        np.testing.assert_allclose(got.handle, xy, **CLOSE)
        targets = {}
        for way in ENCODING_STYLES:
            np.testing.assert_allclose(got.drawn["centers"][way], quantize(xy, way), **CLOSE)
            np.testing.assert_allclose(got.drawn["centers"][way], found[way].heatmap, **CLOSE)
            np.testing.assert_allclose(got.panels["grid"]["marks"][way], found[way].heatmap, **CLOSE)
            np.testing.assert_allclose(got.panels[way]["marks"][way], found[way].heatmap, **CLOSE)
            targets[way] = encode(xy, transform.heatmap_size, sigma, way, dtype=np.float64)
            drawn = np.reshape(got.drawn["targets"][way], targets[way].shape)
            np.testing.assert_allclose(drawn, targets[way], **CLOSE)
            assert got.drawn["errors"][way] == pytest.approx(found[way].off_heatmap, abs=1e-6)
            if way != "unbiased":
                off = re.fullmatch(r"center \((.+), (.+)\): off by (.+) px", got.panels[way]["note"]).groups()
                for text, value, digits in zip(off, (*found[way].heatmap, found[way].off_heatmap), (0, 0, 2)):
                    assert_says(text, value, digits)
                here = re.search(r"Here (\S+) px\.$", got.panels[f"unit-{way}"]["note"])[1]
                assert_says(here, found[way].off_heatmap, 2)
                np.testing.assert_allclose(got.panels[f"unit-{way}"]["marks"]["truth"], xy - np.floor(xy), **CLOSE)
        difference = targets["unbiased"] - targets["floor"]
        np.testing.assert_allclose(np.reshape(got.drawn["difference"], difference.shape), difference, **CLOSE)
        most = re.search(r"at most (\S+)$", got.panels["difference"]["label"])[1]
        assert_says(most, np.abs(difference).max(), 2)
        bar = re.search(r"1 heatmap px = (\S+) photo px", got.panels["grid"]["note"])[1]
        assert_says(bar, transform.photo_px, 1)
        assert got.panels["grid"]["image"] == under


def test_a_joint_on_a_pixel_or_half_way_is_rounded_alike_in_both_languages(figures, picked_joints):
    """Ties: what is dragged to a border, or lies on a pixel, must not be floored here and rounded up there."""
    picked = next(picked for picked in picked_joints if picked.picture.key == "scene jump_shot")
    for size in (96, 160):
        transform, _ = encode_page.crop_transforms(picked, size)
        start = encode_page.start(picked)
        seen = encode_page.window(start, transform)
        fields = encode_page.fields(start, transform, seen)
        states = []
        for k in range(2 * encode_page.WINDOW + 1):
            wish = transform.to_photo(np.array(seen[:2]) - 0.5 + k / 2)
            states.append({axis: fields[axis].checked(v) for axis, v in zip("xy", wish)})
        data = {"hide": [], "present": False, **encode_page.data(transform, seen, 2.0, None)}
        figures.draw("encode", states[0], data)
        drawn = figures.page.evaluate(
            "([states, data]) => states.map((state, k) => { call({ ...data, state, epoch: k });"
            " return document.querySelector('.figure-root').drawn.centers; })",
            [states, data],
        )
        assert len(drawn) == len(states)
        for state, centers in zip(states, drawn):
            for way, landing in encode_page.encoded_joints(np.array([state["x"], state["y"]]), transform).items():
                np.testing.assert_allclose(centers[way], landing.heatmap, **CLOSE, err_msg=f"{size} px, {state}")


def test_the_error_over_the_unit_pixel_is_painted_as_it_is(figures, picked_joints):
    transform, _ = encode_page.crop_transforms(picked_joints[0], 64)
    seen = encode_page.window(encode_page.start(picked_joints[0]), transform)
    figures.draw("encode", {"x": 200.0, "y": 300.0}, encode_page.data(transform, seen, 2.0, None))
    for way in ("floor", "round"):
        painted = np.array(figures.page.evaluate("(way) => pixels(`unit-${way}`)", way), np.uint8).reshape(41, 41, 4)
        v, u = np.mgrid[:41, :41] / 40
        place = np.minimum(np.stack([u, v], -1), 1 - 1e-9)
        errors = np.linalg.norm(place - quantize(place, way), axis=-1)
        off = np.abs(painted[..., :3].astype(int) - colors.colored(errors, 0, np.sqrt(2)).astype(int))
        assert off.max() <= 4 and (off > 0).mean() < 0.02, "one step of the table where a share is rounded"


# The state's owner


def test_a_figure_keeps_its_own_state_until_the_epoch_changes(figures):
    state, _, data = on_page(SCENARIOS["clean"].case, decode_page.fields, decode_page.data)
    figures.draw("decode", state, data)
    other = {"hide": [], "present": False, "state": {**state, "x": 20.25}, **data}
    call = "(data) => call(data)"
    figures.page.evaluate(call, {**other, "epoch": "one"})
    assert figures.seen().handle == [state["x"], state["y"]], "an answer to an older place moves nothing"
    figures.page.evaluate(call, {**other, "epoch": "two"})
    assert figures.seen().handle == [20.25, state["y"]]
    assert figures.page.evaluate("() => sent") == [], "what Python says is not told back to it"
