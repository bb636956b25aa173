"""More than one machine, on Ray: the pose network served to apps, and the heatmaps of whole data sets.

``Remote`` sends the crops of an app to a cluster and needs NumPy only. The other names need the extra ``cluster``.
Ray's own processes exchange pickles, so a cluster is for machines that trust each other.
"""

from typing import TYPE_CHECKING

from dark_core._lazy import lazy

if TYPE_CHECKING:
    from dark_core.cluster.compare import predict_heatmaps as predict_heatmaps
    from dark_core.cluster.connection import ClusterError as ClusterError
    from dark_core.cluster.connection import connect as connect
    from dark_core.cluster.connection import gpus as gpus
    from dark_core.cluster.remote import CLUSTER as CLUSTER
    from dark_core.cluster.remote import Remote as Remote
    from dark_core.cluster.remote import RemoteError as RemoteError
    from dark_core.cluster.remote import wait_until_ready as wait_until_ready
    from dark_core.cluster.serve import start as start
    from dark_core.cluster.serve import stop as stop

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
