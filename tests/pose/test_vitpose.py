"""ViTPose as the package transformers has it: its own reading of its maps beside ours, and why the two differ.

Compared with transformers 5.23.0 and 4.57.6, whose image processor (post_process_pose_estimation) takes these steps:

1. the raw map's largest pixel; where that value is not positive, the place (-1, -1);
2. a blur with a Gaussian of 0.8 px, whatever the target's sigma (2) and whatever ``kernel_size``, which only says
   where the kernel ends; the map is mirrored at its edges, ours is followed by zeros;
3. the log of the values clipped to 0.001 .. 50, as they are: ours are measured by the peak's height, so that a
   multiple of a map gives the same place;
4. one Newton step at the raw peak with neither a test for concavity nor a bound, 1.2e-7 on the Hessian's diagonal,
   its mixed term from seven of the nine pixels (ours: the four corners); ours starts from the smoothed map's peak,
   refuses a saddle and stops after one pixel;
5. size_minus_one from the heatmap to the box, in single precision.

Restated here from that list the steps give its numbers; so nothing else is behind the difference. Its convention is
ours of that name; its noise is that of the narrow blur.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from dark_core.codec import decode, encode, kernel_radius, reference, smooth
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pixel_conventions import CONVENTIONS

transformers = pytest.importorskip("transformers", reason="needs transformers, no dependency", exc_type=ImportError)
torch = pytest.importorskip("torch")

SMALL, LARGE = (48, 64), (192, 256)
BOX = (31.0, 47.0, 120.0, 160.0)
"""x, y, width, height of a person in the photo; the processor widens it by a quarter round its center."""

SIGMA = 2.0
"""Heatmap px of the Gaussians that ViTPose was trained on."""


@pytest.fixture(scope="module")
def processor():
    if not hasattr(transformers, "VitPoseImageProcessor"):
        pytest.skip(f"transformers {transformers.__version__} has no ViTPose")
    pillow = getattr(transformers, "VitPoseImageProcessorPil", None)  # the other wants torchvision
    return (pillow or transformers.VitPoseImageProcessor)()


@pytest.fixture(scope="module")
def network_maps() -> np.ndarray:
    """(4, 17, 64, 48) maps of a small ViTPose of random weights on random input."""
    backbone = transformers.VitPoseBackboneConfig(
        image_size=LARGE[::-1],
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        mlp_ratio=2,
        out_indices=[2],
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = transformers.VitPoseForPoseEstimation(
            transformers.VitPoseConfig(backbone_config=backbone, num_labels=17)
        ).eval()
        with torch.inference_mode():
            return network(torch.randn(4, 3, *LARGE[::-1])).heatmaps.numpy()


@pytest.fixture(scope="module")
def joints() -> np.ndarray:
    """(20, 17, 2) places well inside the map: farther from an edge than any kernel here reaches."""
    return np.random.default_rng(0).uniform([8, 8], [39, 55], (20, 17, 2))


def transform(convention: str = "size_minus_one") -> CropTransform:
    """The processor's way from the photo to its crop: the widened box, from the first pixel's center to the last's."""
    x, y, width, height = BOX
    scale = (np.array(LARGE) - 1) / [1.25 * width, 1.25 * height]
    corner = np.array([x + width / 2, y + height / 2]) - [0.625 * width, 0.625 * height]
    return CropTransform(np.column_stack([np.diag(scale), -scale * corner]), LARGE, convention=convention)


def in_photo(processor, maps: np.ndarray, **options) -> np.ndarray:
    """(N, K, 2) photo px as transformers reads maps (N, K, H, W), all in BOX."""
    outputs = SimpleNamespace(heatmaps=torch.from_numpy(np.ascontiguousarray(maps, dtype=np.float32)))
    people = processor.post_process_pose_estimation(outputs, boxes=[[list(BOX)] for _ in maps], **options)
    return np.stack([person[0]["keypoints"].numpy() for person in people])


def theirs(processor, maps: np.ndarray, **options) -> np.ndarray:
    """The same in heatmap px."""
    return transform().to_heatmap(in_photo(processor, maps, **options))


def restated(
    maps: np.ndarray, sigma: float = 0.8, ends: int = 5, lowest: float = 1e-3, corners: bool = False
) -> np.ndarray:
    """Steps 1 to 4 in double precision, for maps (N, K, H, W) with a positive peak; heatmap px.

    ``corners`` takes the mixed term from the four corners.
    """
    height, width = maps.shape[-2:]
    bell = np.exp(-0.5 * (np.arange(-ends, ends + 1) / sigma) ** 2)
    bell /= bell.sum()
    places = []
    for heatmap in maps.reshape(-1, height, width).astype(np.float64):
        y, x = divmod(int(heatmap.argmax()), width)
        padded = np.pad(heatmap, ends + 1, mode="symmetric")[y : y + 2 * ends + 3, x : x + 2 * ends + 3]
        rows = np.stack([bell @ padded[i : i + 2 * ends + 1] for i in range(3)])
        nine = np.stack([rows[:, i : i + 2 * ends + 1] @ bell for i in range(3)], -1)  # round the peak, [y, x]
        nine = nine.clip(lowest, 50)
        (dx, dy), ((dxx, dxy), (_, dyy)) = reference.derivatives(nine, np.array([1, 1]))
        if not corners:
            nine = np.log(nine)
            dxy = (nine[0, 0] + nine[2, 2] + 2 * nine[1, 1] - nine[0, 1] - nine[1, 0] - nine[1, 2] - nine[2, 1]) / 2
        hessian = np.array([[dxx, dxy], [dxy, dyy]]) + np.finfo(np.float32).eps * np.eye(2)
        places.append([x, y] - np.linalg.solve(hessian, [dx, dy]))
    return np.reshape(places, (*maps.shape[:2], 2))


# Where both agree


def test_its_convention_is_size_minus_one(processor, joints):
    # The maps of known places; its answer, in the photo, is that of our frame, and of no other convention.
    photo = in_photo(processor, encode(joints, SMALL, SIGMA))
    np.testing.assert_allclose(photo, transform().to_photo(joints), atol=1e-3)
    for other in ("half_pixel", "size_ratio"):
        assert np.abs(photo - transform(other).to_photo(joints)).max() > 0.5


def test_its_crop_is_where_the_transform_says(processor):
    # A photo whose red is x and whose green is y: each pixel of its crop tells where it was taken.
    x, y = np.meshgrid(np.arange(240.0), np.arange(240.0))
    photo = np.stack([x, y, 0 * x], -1).astype(np.float32)
    read = processor(photo, boxes=[[list(BOX)]], do_rescale=False, do_normalize=False, return_tensors="np")
    crop = read["pixel_values"][0]
    columns, rows = np.meshgrid(np.arange(192.0), np.arange(256.0))
    taken = transform().from_crop(np.stack([columns, rows], -1))
    np.testing.assert_allclose(np.moveaxis(crop[:2], 0, -1), taken, atol=1e-3)


def test_on_clean_gaussians_both_are_exact(processor, joints):
    maps = encode(joints, SMALL, SIGMA)
    np.testing.assert_allclose(theirs(processor, maps), joints, atol=1e-4)
    np.testing.assert_allclose(decode(maps, "dark", SIGMA).xy, joints, atol=1e-4)
    # To input px, by the convention its weights were trained in.
    ours = CONVENTIONS["size_minus_one"].to_input(decode(maps, "dark", SIGMA).xy, SMALL, LARGE)
    np.testing.assert_allclose(transform().to_crop(in_photo(processor, maps)), ours, atol=1e-3)


# What the difference is made of


def test_the_steps_restated_give_its_numbers_on_noise(processor, joints):
    rng = np.random.default_rng(1)
    maps = encode(joints, SMALL, SIGMA) + rng.normal(0, 0.05, (*joints.shape[:2], 64, 48)).astype(np.float32)
    np.testing.assert_allclose(theirs(processor, maps), restated(maps), atol=1e-3)


def test_the_steps_restated_give_its_numbers_on_the_networks_maps(processor, network_maps):
    assert (network_maps.max((-1, -2)) > 0).all()
    found = theirs(processor, network_maps)
    np.testing.assert_allclose(found, restated(network_maps), rtol=1e-3, atol=1e-3)

    # Random weights draw no Gaussians, so the width alone moves a joint by half a pixel and more ...
    far, near = (np.linalg.norm(found - decode(network_maps, "dark", sigma).xy, axis=-1) for sigma in (SIGMA, 0.8))
    assert np.median(far) > 0.5 and np.median(near) < 0.25

    # ... and with its width the two are one where both start from the same pixel, once its mixed term, its floor
    # and the end of its kernel are ours. Two pixels from the edge: there the kernel sees what lies outside.
    ours, start = decode(network_maps, "dark", 0.8), decode(network_maps, "argmax").xy
    same = (decode(smooth(network_maps, 0.8), "argmax").xy == start).all(-1) & ours.ok
    same &= ((start > 2) & (start < np.array(SMALL) - 3)).all(-1)
    assert same.sum() > 10
    like_ours = restated(network_maps, ends=kernel_radius(0.8), lowest=1e-10, corners=True)
    np.testing.assert_allclose(ours.xy[same], like_ours[same], atol=1e-3)


def test_its_step_has_no_bound(processor):
    # Uniform noise: ours stays within a pixel of the smoothed map's peak, and so on the map.
    noise = np.random.default_rng(5).random((20, 17, 64, 48)).astype(np.float32)
    step = theirs(processor, noise) - decode(noise, "argmax").xy
    assert np.abs(step).max() > 48
    ours = decode(noise, "dark", SIGMA).xy
    assert (ours >= -1).all() and (ours <= SMALL).all()


def test_the_noise_is_that_of_the_narrow_blur(processor, joints):
    n = 0.02
    rng = np.random.default_rng(2)
    maps = encode(joints, SMALL, SIGMA) + rng.normal(0, n, (*joints.shape[:2], 64, 48)).astype(np.float32)

    def times_the_limit(xy):
        return np.sqrt(((xy - joints) ** 2).mean((0, 1)).mean()) / limit

    limit = np.sqrt(2 / np.pi) * n  # per axis, 2 n² / pi A²
    narrow = times_the_limit(theirs(processor, maps))
    assert 1.6 < narrow < 2.0
    # Our steps with its width lose as much; its steps with the target's width lose nothing.
    assert times_the_limit(decode(maps, "dark", 0.8).xy) == pytest.approx(narrow, rel=0.05)
    assert times_the_limit(restated(maps, sigma=SIGMA)) == pytest.approx(1, abs=0.08)
    assert times_the_limit(decode(maps, "dark", SIGMA).xy) == pytest.approx(1, abs=0.08)
    # What remains between the two at one width is the mixed term and the pixel the step is taken from.
    assert np.abs(restated(maps, sigma=SIGMA) - decode(maps, "dark", SIGMA).xy).max() < 0.02


def test_kernel_size_does_not_widen_the_blur(processor, joints):
    rng = np.random.default_rng(3)
    maps = encode(joints, SMALL, 3.0) + rng.normal(0, 0.05, (*joints.shape[:2], 64, 48)).astype(np.float32)
    eleven = theirs(processor, maps, kernel_size=11)
    np.testing.assert_allclose(theirs(processor, maps, kernel_size=17), eleven, atol=1e-4)
    assert np.abs(restated(maps, sigma=3.0, ends=8) - eleven).max() > 0.1


# Where it fails


def test_a_multiple_of_a_map_is_another_place(processor, joints):
    # Above 50, as after a sigmoid told in percent, every value near the peak is one and the same: whole pixels.
    maps = encode(joints, SMALL, SIGMA)
    np.testing.assert_allclose(theirs(processor, 255 * maps), np.rint(joints), atol=1e-3)
    np.testing.assert_allclose(decode(255 * maps, "dark", SIGMA).xy, joints, atol=1e-4)


def test_near_a_border_it_is_off_by_up_to_a_pixel(processor):
    joints = np.stack(np.meshgrid(np.linspace(0, 1, 12), np.linspace(10, 50, 17), indexing="ij"), -1)
    maps = encode(joints, SMALL, SIGMA)
    off = np.linalg.norm(theirs(processor, maps) - joints, axis=-1)
    assert 0.5 < off.max() < 1.3
    np.testing.assert_allclose(decode(maps, "gaussian_fit", SIGMA).xy, joints, atol=1e-4)


def test_one_joint_of_several_people_cannot_be_read(processor, joints):
    maps = encode(joints[:3, :1], SMALL, SIGMA)
    with pytest.raises(ValueError, match="broadcast"):
        theirs(processor, maps)
    np.testing.assert_allclose(theirs(processor, maps[:1]), joints[:1, :1], atol=1e-4)
    np.testing.assert_allclose(decode(maps, "dark", SIGMA).xy, joints[:3, :1], atol=1e-4)


def test_a_map_without_a_positive_value_is_placed_outside(processor):
    maps = np.full((1, 2, 64, 48), -1.0, np.float32)
    np.testing.assert_allclose(theirs(processor, maps), -1, atol=1e-3)
    assert not decode(maps, "dark", SIGMA).ok.any()
