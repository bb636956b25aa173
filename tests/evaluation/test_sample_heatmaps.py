"""The bundled file of heatmaps is what the bundled network answers."""

import numpy as np

from dark_core.evaluation.sample_heatmaps import FIRST, SAMPLE, network_heatmaps, people
from dark_core.files.heatmap_files import open_heatmaps
from dark_core.files.heatmap_layouts import as_heatmaps
from dark_core.files.joint_files import joints_of
from dark_core.files.scenes import load_scenes
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import load_model


def test_the_sample_equals_the_networks_answer():
    stored = open_heatmaps(SAMPLE.read_bytes()).choose()
    assert (stored.name, stored.dtype) == ("heatmaps", "float16")
    maps = as_heatmaps(stored)
    assert maps.layout == "NKHW" and (maps.people, maps.joints) == (len(load_scenes()), len(SKELETON))
    # Half a step of 2^-11, and what another machine may round differently.
    for name in (FIRST, "seated"):
        answer = network_heatmaps([name])[0]
        np.testing.assert_allclose(maps.values[people().index(name)], answer, rtol=2**-10, atol=2**-11)


def test_the_true_joints_are_those_of_the_scenes_in_px_of_the_input():
    joints = joints_of(open_heatmaps(SAMPLE.read_bytes()), "joints").xy
    assert joints.shape == (len(load_scenes()), len(SKELETON), 2)
    for name, found in zip(people(), joints, strict=True):
        # Half-pixel centers: a box of S photo px becomes the network's crop.
        scene = load_scenes()[name]
        (x0, y0, x1, y1), side = scene.box, load_model("default").size
        expected = (scene.joints - [x0, y0] + 0.5) * [side / (x1 - x0), side / (y1 - y0)] - 0.5
        np.testing.assert_allclose(found, expected, atol=1e-3)


def test_the_sample_is_small_and_holds_every_scene_once():
    assert SAMPLE.stat().st_size < 300_000
    assert people()[0] == FIRST and sorted(people()) == sorted(load_scenes())
