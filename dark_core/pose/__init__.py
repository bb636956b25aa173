"""From a photo and a box to the joints of a person: crops, the pose network, calibrated confidence.

The skeleton and the pixel conventions need NumPy only. Crops need OpenCV, and networks need PyTorch; each is imported
when a name that needs it is first used.

>>> from dark_core.pose import CropTransform
>>> transform = CropTransform.from_box((0, 0, 64, 64), size=(128, 128))
>>> transform.to_photo([15.5, 15.5]).tolist()
[31.5, 31.5]
"""

from typing import TYPE_CHECKING

from dark_core._lazy import lazy

if TYPE_CHECKING:
    from dark_core.pose.batching import Batcher as Batcher
    from dark_core.pose.calibration import confidence as confidence
    from dark_core.pose.calibration import joint_status as joint_status
    from dark_core.pose.crop_transform import CropTransform as CropTransform
    from dark_core.pose.crop_transform import square_box as square_box
    from dark_core.pose.detector import Box as Box
    from dark_core.pose.detector import Detection as Detection
    from dark_core.pose.detector import Detector as Detector
    from dark_core.pose.detector import Forward as Forward
    from dark_core.pose.detector import expand_to_square as expand_to_square
    from dark_core.pose.detector import find_people as find_people
    from dark_core.pose.device import DeviceError as DeviceError
    from dark_core.pose.device import NetworkOnDevice as NetworkOnDevice
    from dark_core.pose.device import best_device as best_device
    from dark_core.pose.estimator import Estimator as Estimator
    from dark_core.pose.fallback import Fallback as Fallback
    from dark_core.pose.network import PoseNet as PoseNet
    from dark_core.pose.network import fuse_batch_norm as fuse_batch_norm
    from dark_core.pose.network import normalize as normalize
    from dark_core.pose.pixel_conventions import CONVENTIONS as CONVENTIONS
    from dark_core.pose.pixel_conventions import Convention as Convention
    from dark_core.pose.pixel_conventions import convention_bias as convention_bias
    from dark_core.pose.pixel_conventions import flip_gap as flip_gap
    from dark_core.pose.pose import Pose as Pose
    from dark_core.pose.pose import has_person as has_person
    from dark_core.pose.predictor import PosePredictor as PosePredictor
    from dark_core.pose.predictor import with_flip as with_flip
    from dark_core.pose.skeleton import SKELETON as SKELETON
    from dark_core.pose.skeleton import Skeleton as Skeleton
    from dark_core.pose.weights import MODELS as MODELS
    from dark_core.pose.weights import Model as Model
    from dark_core.pose.weights import WeightsError as WeightsError
    from dark_core.pose.weights import load_model as load_model
    from dark_core.pose.weights import save_model as save_model

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
