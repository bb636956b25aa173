"""Weights on disk: what was saved comes back, and nothing else does."""

import json

import pytest
import torch
from safetensors.torch import load_file

from dark_core.pose.network import PoseNet
from dark_core.pose.weights import WeightsError, load_model, save_model

CARD = {"title": "tiny", "size": 96, "sigma": 1.5, "encoding": "unbiased"}


@pytest.fixture
def saved(tmp_path):
    """(folder, network) with the weights "tiny" in the folder."""
    torch.manual_seed(1)
    network = PoseNet(widths=(4, 4, 6, 6, 8), blocks=(1, 1, 1, 1), top=4)
    save_model(network, tmp_path / "new" / "tiny.safetensors", CARD)
    return tmp_path / "new", network


def test_what_was_saved_comes_back(saved):
    folder, network = saved
    model = load_model("tiny", folder)
    assert (model.name, model.size, model.sigma) == ("tiny", 96, 1.5)
    assert CARD.items() <= model.card.items()
    assert not model.network.training and model.network.config == network.config
    for name, value in model.network.state_dict().items():
        original = network.state_dict()[name]
        if original.is_floating_point():
            original = original.half().float()  # the file holds half precision, the network computes in single
        torch.testing.assert_close(value, original, rtol=0, atol=0)


def test_the_file_is_half_precision_safetensors(saved):
    folder, _ = saved
    assert {v.dtype for v in load_file(folder / "tiny.safetensors").values()} == {torch.float16, torch.int64}


def test_one_changed_byte_is_refused(saved):
    folder, _ = saved
    path = folder / "tiny.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsError, match=r"tiny\.safetensors.*SHA-256"):
        load_model("tiny", folder)


def test_truncated_weights_are_refused(saved):
    folder, _ = saved
    path = folder / "tiny.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsError, match="SHA-256"):
        load_model("tiny", folder)


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_missing_file_is_named(saved, suffix):
    folder, _ = saved
    (folder / f"tiny{suffix}").unlink()
    with pytest.raises(WeightsError, match=f"'tiny' is not complete.*tiny{suffix}"):
        load_model("tiny", folder)


def test_an_unknown_name_is_named(saved):
    with pytest.raises(WeightsError, match="'another'"):
        load_model("another", saved[0])


@pytest.mark.parametrize("keep", [0, 1, 60, -3])
def test_a_truncated_card_is_refused(saved, keep):
    card = saved[0] / "tiny.json"
    card.write_text(card.read_text()[:keep])
    with pytest.raises(WeightsError, match="not complete"):
        load_model("tiny", saved[0])


@pytest.mark.parametrize("key", ["network", "sha256", "size", "sigma"])
def test_a_card_that_leaves_something_out_is_refused(saved, key):
    path = saved[0] / "tiny.json"
    card = json.loads(path.read_text())
    del card[key]
    path.write_text(json.dumps(card))
    with pytest.raises(WeightsError, match=key):
        load_model("tiny", saved[0])


# Networks that share their trunk


@pytest.fixture
def pair(tmp_path):
    """(folder, networks "one" and "two" by name), which differ only in the path back to stride 4."""
    networks = {name: PoseNet(widths=(4, 4, 6, 6, 8), blocks=(1, 1, 1, 1), top=4) for name in ("one", "two")}
    for part in ("stem", "levels"):
        getattr(networks["two"], part).load_state_dict(getattr(networks["one"], part).state_dict())
    for name, network in networks.items():
        save_model(network, tmp_path / f"{name}.safetensors", CARD, trunk="both")
    return tmp_path, networks


def test_a_shared_trunk_is_stored_once_and_comes_back_in_every_network(pair):
    folder, networks = pair
    trunk = {name for name in networks["one"].state_dict() if name.split(".")[0] in ("stem", "levels")}
    assert set(load_file(folder / "both.safetensors")) == trunk
    for name, network in networks.items():
        assert set(load_file(folder / f"{name}.safetensors")) == set(network.state_dict()) - trunk
        for key, value in load_model(name, folder).network.state_dict().items():
            torch.testing.assert_close(value.half(), network.state_dict()[key].half(), rtol=0, atol=0)


def test_the_trunk_of_other_networks_is_refused(pair):
    folder, _ = pair
    save_model(
        PoseNet(widths=(4, 4, 6, 6, 8), blocks=(1, 1, 1, 1), top=4), folder / "x.safetensors", CARD, trunk="both"
    )
    with pytest.raises(WeightsError, match=r"^both\.safetensors does not match the SHA-256"):
        load_model("one", folder)


def test_a_missing_trunk_is_named(pair):
    folder, _ = pair
    (folder / "both.safetensors").unlink()
    with pytest.raises(WeightsError, match=r"not complete.*both\.safetensors"):
        load_model("one", folder)
