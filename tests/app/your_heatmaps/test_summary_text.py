"""What Your heatmaps says of the whole file."""

import numpy as np
import pytest

from dark_core.app.your_heatmaps.text import file_summary_text
from dark_core.codec import encode
from dark_core.evaluation.batch_decode import BatchResult, InputFrame
from dark_core.files.heatmap_layouts import Heatmaps


@pytest.mark.parametrize(
    ("shares", "said"),
    [([0.5, 0.7], None), ([0.9, 0.7], "1 heatmap has a second peak"), ([0.9, 1.0], "2 heatmaps have a second peak")],
)
def test_it_tells_how_many_heatmaps_have_a_rival_peak(shares, said):
    pair = encode(np.array([[10.0, 10.0], [30.0, 25.0]]), (48, 40), 2.0)
    heatmaps = Heatmaps(np.stack([pair[0] + share * pair[1] for share in shares])[None], "float64", "NKHW")
    result = BatchResult(2, 2.0)
    result.step(heatmaps)
    text = file_summary_text(result, InputFrame("", 1.0, heatmaps.size))
    assert said in text if said else "second peak" not in text
