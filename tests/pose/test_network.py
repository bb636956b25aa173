"""The network's shapes and size, and that no level of it is shifted by half a pixel."""

import numpy as np
import pytest
import torch

from dark_core.pose.network import MEAN, STD, STRIDE, PoseNet, fuse_batch_norm, normalize


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def small() -> PoseNet:
    """A network of the same build, small enough for double precision."""
    torch.manual_seed(0)
    return PoseNet(widths=(4, 6, 8, 10, 12), blocks=(1, 2, 1, 1), top=6)


def lived_in(network: PoseNet) -> PoseNet:
    """Every parameter and statistic away from its initial value, so that each plays its part."""
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if "running_var" in name:
                value.uniform_(0.5, 1.5)
            elif value.is_floating_point():
                value.add_(0.1 * torch.randn_like(value))
    return network.double().eval()


@pytest.mark.parametrize("height, width", [(32, 32), (64, 64), (96, 64), (160, 224)])
def test_heatmaps_are_a_quarter_of_the_crop(height, width):
    with torch.inference_mode():
        maps = small().eval()(torch.zeros(2, 3, height, width))
    assert maps.shape == (2, 14, height // STRIDE, width // STRIDE)


def test_the_shipped_network_is_compact():
    network = PoseNet()
    assert sum(value.numel() for value in network.parameters()) < 10e6
    with torch.inference_mode():
        assert network.eval()(torch.zeros(1, 3, 64, 64)).shape == (1, 14, 16, 16)


def test_folded_it_gives_the_same_maps_with_half_the_layers():
    network = lived_in(small())
    before = {name: value.clone() for name, value in network.state_dict().items()}
    crops = torch.randn(2, 3, 96, 64, dtype=torch.float64)
    with torch.inference_mode():
        expected, found = network(crops), fuse_batch_norm(network)(crops)
    assert expected.std() > 1e-3
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-10)
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in fuse_batch_norm(network).modules())
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])


@pytest.mark.parametrize("axis", [-1, -2])
def test_mirrored_kernels_give_the_mirrored_heatmaps(axis):
    # A grid that a level shifted by half a pixel would come back shifted the other way.
    network = lived_in(small())
    crops = torch.randn(2, 3, 96, 64, dtype=torch.float64)
    with torch.inference_mode():
        maps = network(crops)
        for module in network.modules():
            if isinstance(module, torch.nn.Conv2d):
                module.weight.copy_(module.weight.flip(axis))
        mirrored = network(crops.flip(axis)).flip(axis)
    assert maps.std() > 1e-3
    torch.testing.assert_close(mirrored, maps, rtol=0, atol=1e-10)


def test_shifting_the_crop_by_the_coarsest_stride_shifts_the_heatmaps():
    # Beyond the padding's reach 32 crop px are 8 heatmap px everywhere: no level is stretched.
    network = lived_in(small())
    wide = torch.randn(1, 3, 32, 672, dtype=torch.float64)
    with torch.inference_mode():
        here, there = network(wide[..., :640]), network(wide[..., 32:])
    torch.testing.assert_close(there[..., 60:92], here[..., 68:100], rtol=0, atol=1e-10)


def test_every_level_is_heard():
    # Silencing any lateral changes the heatmaps: none of the levels is left out of the way back.
    network = lived_in(small())
    crops = torch.randn(1, 3, 64, 64, dtype=torch.float64)
    with torch.inference_mode():
        maps = network(crops)
        for lateral in network.lateral:
            kept = lateral.weight.clone()
            lateral.weight.zero_()
            assert (network(crops) - maps).abs().max() > 1e-6
            lateral.weight.copy_(kept)


def test_the_config_rebuilds_the_network():
    network = small()
    again = PoseNet(**network.config)
    assert {k: v.shape for k, v in again.state_dict().items()} == {k: v.shape for k, v in network.state_dict().items()}


def test_crops_are_normalized_channel_by_channel():
    crops = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), dtype=np.uint8)
    entered = normalize(torch.from_numpy(crops))
    assert entered.shape == (2, 3, 5, 4) and entered.dtype == torch.float32
    assert entered.is_contiguous(memory_format=torch.channels_last)
    np.testing.assert_allclose(entered[1, 2, 4, 3], (float(crops[1, 4, 3, 2]) - MEAN) / STD, rtol=1e-6)
