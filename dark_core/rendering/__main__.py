"""`python -m dark_core.rendering --out assets/scenes [--only NAME]` renders the shipped scenes again;
`--clips --out assets/clips` renders the shipped clips again;
`--random N --size 256 --seed S --out DIR` renders random people for training."""

from __future__ import annotations

import argparse
from pathlib import Path

from dark_core.rendering.catalog import SCENES
from dark_core.rendering.clips import CLIPS, make_clips
from dark_core.rendering.produce import make_random, make_scenes


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m dark_core.rendering", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument(
        "--only", action="append", choices=[scene.name for scene in SCENES], help="render only this scene"
    )
    parser.add_argument("--clips", action="store_true", help="render the clips instead")
    parser.add_argument("--random", type=int, metavar="N", help="render N random people instead")
    parser.add_argument("--size", type=int, default=256, help="side of a random picture in pixels")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random people")
    parser.add_argument("--everyday", action="store_true", help="random people who stand or walk")
    parser.add_argument(
        "--around",
        type=float,
        nargs=2,
        default=(-180, 180),
        metavar=("LOW", "HIGH"),
        help="degrees from their front that random people are seen from: 120 240 is from behind",
    )
    options = parser.parse_args(arguments)
    if options.random is not None:
        which = {"everyday": options.everyday, "around": tuple(options.around)}
        speed = make_random(options.random, options.size, options.seed, options.out, **which)
        print(f"{options.random} people in {options.out}: {speed:.2f} a second")
        return
    if options.clips:
        for path in make_clips(CLIPS, options.out):
            print(f"{path}: {path.stat().st_size / 1024:.0f} KB")
        return
    for path in make_scenes([s for s in SCENES if not options.only or s.name in options.only], options.out):
        print(f"{path}: {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
