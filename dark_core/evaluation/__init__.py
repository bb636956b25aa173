"""How good a network and a decoder are: metrics, the choice of a decoder, calibration, the ablation, failures.

>>> import numpy as np
>>> from dark_core.evaluation import pck
>>> truth = np.zeros((1, 14, 2))
>>> truth[:, [2, 3], 1] = 10  # the hips: both shoulder-hip diagonals have a length of 10
>>> pck(truth + [1.5, 0], truth, threshold=0.2)[0]
1.0
"""

from typing import TYPE_CHECKING

from dark_core._lazy import lazy

if TYPE_CHECKING:
    from dark_core.evaluation.ablation import Ablation as Ablation
    from dark_core.evaluation.ablation_table import BASELINE as BASELINE
    from dark_core.evaluation.ablation_table import VARIANTS as VARIANTS
    from dark_core.evaluation.ablation_table import Interval as Interval
    from dark_core.evaluation.ablation_table import Table as Table
    from dark_core.evaluation.batch_decode import BatchResult as BatchResult
    from dark_core.evaluation.batch_decode import Block as Block
    from dark_core.evaluation.batch_decode import InputFrame as InputFrame
    from dark_core.evaluation.batch_decode import as_csv as as_csv
    from dark_core.evaluation.batch_decode import as_json as as_json
    from dark_core.evaluation.batch_decode import decode_block as decode_block
    from dark_core.evaluation.batch_decode import decode_blocks as decode_blocks
    from dark_core.evaluation.calibration import calibrate as calibrate
    from dark_core.evaluation.calibration import calibration_error as calibration_error
    from dark_core.evaluation.calibration import fit_calibration as fit_calibration
    from dark_core.evaluation.calibration import judge as judge
    from dark_core.evaluation.calibration import reliability_table as reliability_table
    from dark_core.evaluation.decoder_choice import Choice as Choice
    from dark_core.evaluation.decoder_choice import choose_decoder as choose_decoder
    from dark_core.evaluation.decoder_comparison import Comparison as Comparison
    from dark_core.evaluation.decoder_comparison import compare_decoders as compare_decoders
    from dark_core.evaluation.evaluate import THRESHOLDS as THRESHOLDS
    from dark_core.evaluation.evaluate import predict_heatmaps as predict_heatmaps
    from dark_core.evaluation.evaluate import score as score
    from dark_core.evaluation.evaluate import score_without_box as score_without_box
    from dark_core.evaluation.metrics import LIMBS as LIMBS
    from dark_core.evaluation.metrics import average_precision as average_precision
    from dark_core.evaluation.metrics import mean_rounding as mean_rounding
    from dark_core.evaluation.metrics import oks as oks
    from dark_core.evaluation.metrics import pck as pck
    from dark_core.evaluation.metrics import torso as torso
    from dark_core.evaluation.published_results import PUBLISHED as PUBLISHED
    from dark_core.evaluation.published_results import Published as Published
    from dark_core.evaluation.regions import fit_covariance_scale as fit_covariance_scale
    from dark_core.evaluation.regions import squared_distance as squared_distance
    from dark_core.evaluation.truth_frames import TruthFrames as TruthFrames
    from dark_core.evaluation.truth_frames import truth_in_heatmap_px as truth_in_heatmap_px

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
