"""Training of the person detector: random views of boxed photos, their targets, the loss."""
