"""Training of a pose network: batches, the loop, the model card."""

from typing import TYPE_CHECKING

from dark_core._lazy import lazy

if TYPE_CHECKING:
    from dark_core.training.batches import Batch as Batch
    from dark_core.training.batches import Batches as Batches
    from dark_core.training.fit import Phase as Phase
    from dark_core.training.fit import Progress as Progress
    from dark_core.training.fit import recipe as recipe
    from dark_core.training.model_card import as_markdown as as_markdown
    from dark_core.training.model_card import make_card as make_card

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
