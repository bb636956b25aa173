"""DARK Explorer's core: how a heatmap is written and read, and what that is worth.

The rooms import one way, ``codec <- pose <- files <- evaluation <- training``: ``codec`` needs
NumPy alone and is the part to take home into another model.
"""

__version__ = "0.2.0"
