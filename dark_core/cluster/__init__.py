"""Past one machine, on Ray: the pose network served to apps, and whole data sets read.

``remote`` is what an app asks a cluster with; it needs NumPy alone. ``serve`` and ``compare`` need the extra
``cluster``. Ray's own processes speak to each other by pickle, so a cluster is for machines that trust each other.
"""
