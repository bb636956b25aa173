"""The bundled networks on a device of this machine: a photo in, joints in photo px out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dark_core.pose.detector import Detector
from dark_core.pose.device import NetworkOnDevice
from dark_core.pose.predictor import PosePredictor
from dark_core.pose.weights import MODELS, Model, load_model

DETECTOR = "people"
"""Name of the bundled person detector."""


class Estimator(PosePredictor):
    """A pose network and the person detector on a device of this machine.

    Parameters
    ----------
    model
        The pose network with its card, see ``load_model``.
    device
        "cuda", "mps", "cpu", or "auto" for the fastest of them.
    detector
        Name of the bundled detector, which is loaded when somebody is first looked for.

    Attributes
    ----------
    device, dtype, network
        Those of the pose network as it runs, see ``NetworkOnDevice``.

    Examples
    --------
    >>> import numpy as np
    >>> estimator = Estimator.load(device="cpu")
    >>> estimator.predict(np.zeros((64, 64, 3), np.uint8), box=(0, 0, 64, 64)).has_person
    False
    """

    def __init__(self, model: Model, device: str = "auto", detector: str = DETECTOR):
        runs = NetworkOnDevice(model.network, device)
        self.device, self.dtype, self.network = runs.device, runs.dtype, runs.network

        @cache
        def loaded() -> Detector:
            people = load_model(detector)
            return Detector(people, NetworkOnDevice(people.network, device).forward)

        super().__init__(model, runs.forward, lambda photo: loaded().find(photo))

    @classmethod
    def load(cls, name: str = "default", device: str = "auto", folder: Path = MODELS) -> Estimator:
        """Return a bundled network, ready to run.

        Parameters
        ----------
        name
            Of the model's files in ``folder``.
        device
            "cuda", "mps", "cpu", or "auto" for the fastest of them.
        folder
            Where the models are.

        Returns
        -------
        Estimator
            The network on its device.

        Raises
        ------
        WeightsError
            If the weights are missing or not those that their card names.
        """
        return cls(load_model(name, folder), device)
