"""The lines of code on Decode are those of the reference, and they run."""

import inspect

import numpy as np

from dark_core.app.decode.reference_lines import lines
from dark_core.app.decode.text import TEXT
from dark_core.codec import decode, reference


def test_the_lines_shown_are_those_of_the_module_and_decode_a_heatmap():
    shown = [line["text"] for line in lines()]
    source = inspect.getsource(reference).splitlines()
    assert set(shown) <= set(source)
    assert len([text for text in shown if not text.startswith("def ")]) == 10
    namespace = {**vars(reference), "dark": None, "derivatives": None}
    exec("from __future__ import annotations\n" + "\n".join(shown), namespace)
    for joint in ((15.2, 16.9), (13.37, 16.62), (16.0, 15.5)):
        heatmap = reference.encode(joint, (32, 32), 2.0)
        found = namespace["dark"](heatmap, 2.0)
        np.testing.assert_array_equal(found, reference.dark(heatmap, 2.0))
        np.testing.assert_allclose(found, joint, atol=1e-4)  # the kernel is cut after 2.5 sigma
        np.testing.assert_allclose(found, decode(heatmap, "dark", 2.0).xy, atol=1e-9)


def test_no_statement_of_the_two_functions_is_left_out():
    """Each is written once, after the head and the docstring of its function."""
    shown = [line["text"] for line in lines()]
    for function in (reference.dark, reference.derivatives):
        own = inspect.getsource(function).split('"""')[2].splitlines()
        code = [line for line in own if line.strip()]
        first = shown.index(code[0])
        assert shown[first : first + len(code)] == code


def test_every_step_before_the_photo_has_its_lines_and_every_value_a_text():
    steps = {step for line in lines() for step in line["steps"]}
    assert steps == set(range(1, len(TEXT["figure"]["steps"]))), "the last step is not the codec's"
    assert {name for line in lines() for name in line["values"]} == TEXT["figure"]["values"].keys()
