"""The guesses of a class: a room with a code, what each phone guessed, and the cloud of them on the projector."""
