"""The bundled network: exact in a mirror, right on the scenes, honest about empty pictures."""

import hashlib
import json

import numpy as np
import pytest
import torch

from dark_core.evaluation.failures.pasted_people import paste_person
from dark_core.evaluation.metrics import torso
from dark_core.files.scenes import load_scenes
from dark_core.pose.calibration import GUESS, confidence
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.estimator import Estimator
from dark_core.pose.predictor import with_flip
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import MODELS, WeightsError

SCENES = load_scenes()
MIRROR = list(SKELETON.mirror)


@pytest.fixture(scope="module")
def estimator() -> Estimator:
    return Estimator.load(device="cpu")


def error_in_torsos(joints: np.ndarray, truth: np.ndarray) -> np.ndarray:
    return np.linalg.norm(joints - truth, axis=-1) / torso(truth[None])[0]


def test_the_mirrored_photo_gives_the_mirrored_maps(estimator):
    scene = SCENES["runner"]
    width = scene.photo.shape[1]
    x0, y0, x1, y1 = scene.box
    maps = estimator.heatmaps(scene.photo, estimator.crop_transform(scene.box))
    flipped = np.ascontiguousarray(scene.photo[:, ::-1])
    mirrored = estimator.heatmaps(flipped, estimator.crop_transform((width - x1, y0, width - x0, y1)))
    # Not bit for bit: the mirrored crop is interpolated at mirrored places, in fixed point.
    assert np.abs(mirrored[MIRROR][:, :, ::-1] - maps).max() < 0.02


def test_flip_average_is_exact_for_maps_that_follow_the_pixels():
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=14)

    def follows(crops: np.ndarray) -> np.ndarray:
        """Maps that mirror with the crop, left and right joints trading places."""
        gray = crops.mean(-1)[:, None] * (kernel + kernel[MIRROR])[None, :, None, None]
        return gray.astype(np.float64)

    crops = rng.integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    np.testing.assert_allclose(with_flip(follows)(crops), follows(crops), rtol=1e-12)


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_is_read_well_enough_to_teach_with(estimator, name):
    scene = SCENES[name]
    for box, bound in ((scene.box, 0.1), (None, 0.15)):
        pose = estimator.predict(scene.photo, box)
        assert pose.has_person
        assert np.median(error_in_torsos(pose.xy, scene.joints)) < bound


@pytest.mark.parametrize("name", ["standing", "waving", "runner"])
def test_a_person_is_found_far_off_in_a_larger_picture(estimator, name):
    scene = SCENES[name]
    picture, joints = paste_person(scene.photo, scene.joints, 0.4, np.random.default_rng(1), height=720)
    pose = estimator.predict(picture)
    assert pose.has_person
    assert np.median(error_in_torsos(pose.xy, joints)) < 0.15


def test_a_pose_carries_what_it_was_read_from(estimator):
    scene = SCENES["standing"]
    pose = estimator.predict(scene.photo, scene.box, decoder="argmax")
    assert pose.xy.shape == (14, 2)
    assert pose.score.shape == (14,)
    cells = estimator.model.size // 4
    assert pose.heatmaps.shape == (14, cells, cells)
    peaks = [np.unravel_index(m.argmax(), m.shape)[::-1] for m in pose.heatmaps]
    np.testing.assert_allclose(pose.xy, pose.transform.to_photo(peaks))
    np.testing.assert_allclose(pose.score, pose.heatmaps.max((1, 2)))
    np.testing.assert_array_equal(pose.confidence, confidence(pose.score, estimator.model.card["calibration"]))
    assert [state == "" for state in pose.joint_status] == (pose.confidence >= GUESS).tolist()


def test_what_the_photo_cuts_off_is_not_called_sure(estimator):
    scene = SCENES["standing"]
    below_the_knees = int(scene.joints[[1, 4], 1].max()) + 30
    pose = estimator.predict(np.ascontiguousarray(scene.photo[:below_the_knees]))
    # One of them it may still be sure of: see confidence.EDGE.
    assert pose.has_person and {"cut off", "absent"} & {pose.joint_status[0], pose.joint_status[5]}, "the ankles"
    assert not any(pose.joint_status[k] for k in (2, 3, 8, 9, 12)), "hips, shoulders, neck"


def test_the_photo_is_cropped_once(estimator, monkeypatch):
    built, cropped = [], []
    from_box, crop = CropTransform.from_box, CropTransform.crop
    monkeypatch.setattr(CropTransform, "from_box", lambda *given: built.append(given) or from_box(*given))
    monkeypatch.setattr(CropTransform, "crop", lambda *given: cropped.append(given) or crop(*given))
    pose = estimator.predict(SCENES["runner"].photo, SCENES["runner"].box)
    assert len(built) == len(cropped) == 1 and cropped[0][0] is pose.transform


def test_a_box_that_is_no_square_grows_to_one(estimator):
    pose = estimator.predict(SCENES["standing"].photo, (100, 50, 300, 650))
    assert pose.box == (-100, 50, 500, 650)


@pytest.mark.parametrize("kind", ["gray", "noise", "gradient", "hills"])
def test_a_picture_without_a_person_is_said_to_have_none(estimator, kind):
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:240, :320]
    hills = np.where((y > 130 + 25 * np.sin(x / 36))[..., None], (70, 100, 80), (150, 190, 230))
    picture = {
        "hills": np.clip(hills + rng.normal(0, 9, hills.shape), 0, 255).astype(np.uint8),
        "gray": np.full((240, 320, 3), 130, np.uint8),
        "noise": rng.integers(0, 256, (240, 320, 3), dtype=np.uint8),
        "gradient": np.broadcast_to(np.linspace(0, 255, 320).astype(np.uint8)[None, :, None], (240, 320, 3)),
    }[kind]
    pose = estimator.predict(np.ascontiguousarray(picture))
    assert not pose.has_person and set(pose.joint_status) == {"guess"}


@pytest.mark.parametrize("shape", [(32, 32), (32, 900), (900, 32), (1600, 1200)])
def test_pictures_of_any_shape_are_searched(estimator, shape):
    pose = estimator.predict(np.full((*shape, 3), 90, np.uint8))
    assert np.isfinite(pose.xy).all()


@pytest.mark.parametrize(
    ("photo", "box", "message"),
    [
        (np.zeros((40, 40), np.uint8), None, r"\(H, W, 3\) uint8 RGB"),
        (np.zeros((40, 40, 3), np.float32), None, "uint8"),
        (np.zeros((40, 40, 3), np.uint8), (10, 10, 10, 10), "box"),
        (np.zeros((40, 40, 3), np.uint8), (0, 0, np.nan, 10), "box"),
    ],
)
def test_what_is_not_a_photo_or_a_box_is_refused(estimator, photo, box, message):
    with pytest.raises(ValueError, match=message):
        estimator.predict(photo, box)


def test_an_unknown_decoder_is_refused(estimator):
    with pytest.raises(ValueError, match="unknown decoder"):
        estimator.predict(SCENES["runner"].photo, SCENES["runner"].box, decoder="magic")


def test_the_bundled_weights_are_those_of_their_card():
    for card in MODELS.glob("*.json"):
        weights = card.with_suffix(".safetensors").read_bytes()
        assert hashlib.sha256(weights).hexdigest() == json.loads(card.read_text())["sha256"]


def test_an_unknown_network_is_refused():
    with pytest.raises(WeightsError, match="nobody"):
        Estimator.load("nobody")


def test_auto_takes_the_best_device_there_is():
    kind = Estimator.load().device.type
    if torch.cuda.is_available():
        assert kind == "cuda"
    elif torch.backends.mps.is_available():
        assert kind == "mps"
    else:
        assert kind == "cpu"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_half_precision_on_cuda_agrees_with_the_cpu(estimator):
    scene = SCENES["runner"]
    transform = estimator.crop_transform(scene.box)
    on_gpu = Estimator.load(device="cuda").heatmaps(scene.photo, transform)
    assert np.abs(on_gpu - estimator.heatmaps(scene.photo, transform)).max() < 0.02
