"""What decode returns: unpacked, indexed, counted and printed."""

import numpy as np
import pytest
import torch

from dark_core.codec import Status, decode, encode

pytestmark = pytest.mark.filterwarnings("error")

JOINTS = np.random.default_rng(0).uniform(8, 30, (4, 3, 2))
KINDS = {
    "array": np.asarray,
    "tensor": torch.from_numpy,
    "tensor with a gradient": lambda heatmaps: torch.from_numpy(heatmaps).requires_grad_(),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def decoded(kind: str, joints: np.ndarray = JOINTS, decoder: str = "dark"):
    return decode(KINDS[kind](encode(joints, (40, 38), 2.0)), decoder, 2.0)


@kinds
def test_it_unpacks_into_positions_and_scores(kind):
    found = decoded(kind)
    xy, score = found
    assert xy is found.xy and score is found.score


@kinds
@pytest.mark.parametrize("decoder", ["dark", "gaussian_fit"])
@pytest.mark.parametrize(
    "index", [2, -1, (1, 2), slice(1, 3), (slice(None), 0), (..., 1), [3, 0], np.eye(4, 3, dtype=bool)]
)
def test_an_index_into_people_and_joints_gives_theirs(kind, decoder, index):
    found = decoded(kind, decoder=decoder)
    part = found[index]
    for name in ("xy", "score", "ok", "status", "covariance"):
        whole, picked = getattr(found, name), getattr(part, name)
        if whole is None:
            assert picked is None
            continue
        whole, picked = (torch.as_tensor(values).detach().numpy() for values in (whole, picked))
        rest = whole.shape[2:]
        expected = np.stack([column[index] for column in whole.reshape(4, 3, -1).transpose(2, 0, 1)], -1)
        np.testing.assert_array_equal(picked, expected.reshape((*expected.shape[:-1], *rest)))
    assert part.reasons == [""] * int(np.prod(part.shape))


@kinds
def test_its_length_is_that_of_the_first_axis(kind):
    assert (len(decoded(kind)), len(decoded(kind)[0]), decoded(kind).shape) == (4, 3, (4, 3))
    with pytest.raises(TypeError, match="one joint"):
        len(decoded(kind)[0, 0])
    with pytest.raises(IndexError):
        decoded(kind)[4]


@kinds
def test_few_joints_are_printed_one_by_one(kind):
    joints = np.array([[[10.3, 11.7]], [[20.04, 9.5]]])
    heatmaps = encode(joints, (40, 38), 2.0)
    heatmaps[1] = 0
    lines = repr(decode(KINDS[kind](heatmaps))).splitlines()
    assert lines[0] == "Decoded of shape (2, 1)"
    assert lines[1].startswith("  [0, 0] xy (10.30, 11.70), score 0.97")
    assert lines[2].endswith(f"score 0.000: {Status.FLAT.sentence}") and len(lines) == 3
    assert repr(decode(KINDS[kind](heatmaps)[0, 0])).startswith("Decoded of shape ()\n  [] xy (10.30, 11.70)")


@kinds
def test_many_joints_are_counted(kind):
    heatmaps = encode(JOINTS, (40, 38), 2.0)
    heatmaps[1, 2], heatmaps[3, :2], heatmaps[0, 1, 4, 5] = 0, -1, np.nan
    text = repr(decode(KINDS[kind](heatmaps)))
    assert text.startswith("Decoded of shape (4, 3), 8 of 12 joints decoded in full\n")
    assert f"  3 x FLAT: {Status.FLAT.sentence}\n" in text
    assert f"  1 x NOT_FINITE: {Status.NOT_FINITE.sentence}\n" in text
    assert "BOUNDED" not in text and text.splitlines()[-1].startswith("  score -1 to 0.9")


def test_nothing_decoded_is_printed_too():
    assert repr(decode(np.zeros((0, 17, 8, 6)))) == "Decoded of shape (0, 17)"
