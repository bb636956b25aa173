"""The scenes that ship with the project: people, poses, clothes, places and cameras, as data."""

from __future__ import annotations

from dark_core.rendering.engine.camera import View
from dark_core.rendering.engine.light import Light
from dark_core.rendering.people.body import Shape
from dark_core.rendering.people.clothing import Outfit
from dark_core.rendering.people.pose import Arm, Leg, Pose
from dark_core.rendering.photo import Film
from dark_core.rendering.places.sets import Place
from dark_core.rendering.scene import Scene

# fmt: off
PALE, LIGHT_SKIN, OLIVE = (0.88, 0.70, 0.60), (0.82, 0.62, 0.51), (0.72, 0.52, 0.39)
BROWN, DARK = (0.50, 0.33, 0.23), (0.33, 0.21, 0.15)
BLACK_HAIR, BROWN_HAIR, FAIR_HAIR = (0.07, 0.06, 0.06), (0.24, 0.15, 0.09), (0.62, 0.47, 0.28)
RED_HAIR, GRAY_HAIR = (0.45, 0.20, 0.09), (0.62, 0.61, 0.60)
WHITE, NAVY, CHARCOAL, SAND = (0.92, 0.92, 0.90), (0.12, 0.16, 0.30), (0.17, 0.17, 0.19), (0.72, 0.62, 0.47)
SUN = Light(around=-45, height=46, size=2.5, key=(2.2, 2.0, 1.7), sky=(0.50, 0.60, 0.78), floor=(0.22, 0.24, 0.14),
    rim=0.35)
SOFT = Light(around=-40, height=44, size=14, key=(1.5, 1.45, 1.38), sky=(0.62, 0.64, 0.68), floor=(0.30, 0.28, 0.25),
    rim=0.45)

STANDING = Scene(
    "standing", "Standing in the park",
    "A woman in a green top and jeans stands relaxed on the grass of a park, one hand on her hip, facing the camera.",
    Shape(sex=1, age=0.68, weight=0.45, height=0.5, ancestry=(0.1, 0.1, 1.0), smile=0.75),
    Pose(
        right_arm=Arm(lift=10, azimuth=80, bend=14, turn=5, palm=10, curl=0.4),
        left_arm=Arm(lift=42, azimuth=108, bend=100, turn=62, palm=30, wrist=-10, curl=0.3),
        right_leg=Leg(lift=6, azimuth=90, bend=2, turn=-8), left_leg=Leg(lift=14, azimuth=50, bend=16, turn=-18),
        tilt=-3, side=4, face=8, look=-14, nod=-2, head_tilt=3,
    ),
    Outfit(shirt=(0.16, 0.42, 0.36), trousers=(0.22, 0.29, 0.42), sleeve=0.17, shoes=WHITE, hair="bob",
        hair_color=BROWN_HAIR, skin=LIGHT_SKIN),
    View(around=-12, height=1.35, lens=24, fill=0.84), SUN, Place("park", seed=3), Film(exposure=0.0),
    size=(600, 800), seed=11,
)

RUNNER = Scene(
    "runner", "Runner on the track",
    "A man in a yellow vest and black shorts runs along a red track, seen from his right and front, one knee high.",
    Shape(sex=0, age=0.66, weight=0.35, muscle=0.68, height=0.55, ancestry=(1.0, 0.0, 0.1), smile=0.3),
    Pose(
        right_arm=Arm(lift=58, azimuth=162, bend=84, turn=0, palm=-10, curl=0.85),
        left_arm=Arm(lift=34, azimuth=8, bend=98, turn=22, palm=-20, curl=0.85),
        right_leg=Leg(lift=62, azimuth=0, bend=82, turn=0, point=4, planted=False),
        left_leg=Leg(lift=24, azimuth=180, bend=34, turn=0, point=34, planted=False),
        lean=9, twist=10, face=-4, nod=-8, look=-6, hop=0.03,
    ),
    Outfit(shirt=(0.93, 0.76, 0.12), accent=(0.1, 0.1, 0.12), pattern="block", sleeve=0.055, neckline=0.014,
        trousers=(0.08, 0.08, 0.1), legs=0.25,
        shoes=(0.90, 0.30, 0.12), hair="crop", hair_color=BLACK_HAIR, skin=DARK),
    View(around=-58, height=1.05, lens=22, fill=0.84), Light(around=-80, height=40, size=2.5, key=(2.4, 2.2, 1.9),
        sky=(0.5, 0.6, 0.78), floor=(0.30, 0.16, 0.11), rim=0.5),
    Place("track", ((0.72, 0.30, 0.24), WHITE), seed=5), Film(exposure=0.05, aperture=0.012), size=(720, 800),
    seed=12,
)

REACHING = Scene(
    "reaching", "Reaching for the shelf",
    "A bearded man in a striped shirt stretches his right arm up to a jar on a high wall shelf beside him.",
    Shape(sex=0, age=0.75, weight=0.6, muscle=0.5, height=0.5, ancestry=(0.0, 0.3, 1.0), smile=0.4),
    Pose(
        right_arm=Arm(lift=148, azimuth=78, bend=16, turn=0, palm=30, wrist=8, curl=0.25),
        left_arm=Arm(lift=16, azimuth=70, bend=22, turn=10, palm=15, curl=0.45),
        right_leg=Leg(lift=8, azimuth=80, bend=2, turn=-8), left_leg=Leg(lift=13, azimuth=80, bend=10, turn=-12),
        tilt=-3, side=8, nod=-18, look=-30, head_tilt=-4,
    ),
    Outfit(shirt=(0.90, 0.90, 0.88), accent=(0.20, 0.28, 0.48), pattern="stripes", sleeve=0.17, trousers=SAND,
        shoes=(0.35, 0.22, 0.14), soles=(0.75, 0.68, 0.58), hair="short", hair_color=BROWN_HAIR, beard=0.55,
        skin=LIGHT_SKIN),
    View(around=24, height=1.40, lens=26, fill=0.80, shift=(0.05, 0.05)), Light(around=70, height=44, size=10,
        key=(1.7, 1.6, 1.4), sky=(0.58, 0.60, 0.64), floor=(0.3, 0.26, 0.2), rim=0.3),
    Place("room", ((0.66, 0.72, 0.70), (0.62, 0.45, 0.30)), wall=0.735, turn=66, seed=7), Film(exposure=0.15),
    props=("shelf",), size=(640, 800), seed=13,
)

SEATED = Scene(
    "seated", "Seated with hands on the knees",
    "An older woman in a red jumper sits on a wooden cube, upright, hands resting on her thighs.",
    Shape(sex=1, age=0.88, weight=0.62, height=0.45, ancestry=(0.0, 1.0, 0.5), smile=0.8),
    Pose(
        right_arm=Arm(lift=27, azimuth=16, bend=36, turn=10, palm=62, wrist=-6, curl=0.3),
        left_arm=Arm(lift=27, azimuth=18, bend=36, turn=10, palm=62, wrist=-6, curl=0.3),
        right_leg=Leg(lift=84, azimuth=9, bend=84, turn=0), left_leg=Leg(lift=84, azimuth=14, bend=90, turn=-4),
        bow=6, lean=-4, nod=-2, look=18, head_tilt=2,
    ),
    Outfit(shirt=(0.66, 0.16, 0.17), sleeve=0.52, trousers=CHARCOAL, shoes=(0.25, 0.17, 0.13),
        soles=(0.15, 0.12, 0.1), hair="bun", hair_color=GRAY_HAIR, skin=PALE),
    View(around=38, height=1.15, lens=24, fill=0.80), SOFT, Place("room", ((0.80, 0.76, 0.68), (0.55, 0.40, 0.28)),
        wall=1.5, turn=0, seed=9), Film(exposure=0.15),
    props=("stool",), size=(700, 800), seed=14,
)

WALKING = Scene(
    "walking_away", "Walking away on the beach",
    "Seen from behind, a woman in a white shirt and navy shorts walks towards the sea at dusk.",
    Shape(sex=1, age=0.66, weight=0.5, height=0.55, ancestry=(0.6, 0.2, 0.4)),
    Pose(
        right_arm=Arm(lift=26, azimuth=10, bend=24, turn=5, curl=0.4),
        left_arm=Arm(lift=24, azimuth=165, bend=14, turn=5, curl=0.4),
        right_leg=Leg(lift=20, azimuth=180, bend=24, turn=-4, point=24, planted=False),
        left_leg=Leg(lift=24, azimuth=0, bend=6, turn=-6, point=-6, planted=False),
        lean=2, twist=-6, face=3, look=12,
    ),
    Outfit(shirt=(0.88, 0.86, 0.82), sleeve=0.19, trousers=NAVY, legs=0.30, loose=1.2, shoes=(0.86, 0.62, 0.44),
        soles=WHITE, hair="tail", hair_color=BLACK_HAIR, skin=BROWN),
    View(around=215, height=1.30, lens=24, fill=0.82), Light(around=125, height=24, size=4, key=(2.3, 1.5, 0.95),
        sky=(0.62, 0.60, 0.74), floor=(0.34, 0.26, 0.2), rim=0.2),
    Place("beach", seed=4), Film(exposure=0.05, aperture=0.006), size=(640, 800), seed=15,
)

WARRIOR = Scene(
    "edge_of_frame", "Cut close by the crop",
    "A woman in a blue top holds a wide yoga lunge with both arms level; her right wrist is at the crop's edge.",
    Shape(sex=1, age=0.7, weight=0.42, muscle=0.6, height=0.5, ancestry=(0.0, 0.2, 1.0), smile=0.45),
    Pose(
        right_arm=Arm(lift=90, azimuth=92, bend=3, turn=0, palm=0, curl=0.12),
        left_arm=Arm(lift=90, azimuth=92, bend=3, turn=0, palm=0, curl=0.12),
        right_leg=Leg(lift=62, azimuth=84, bend=58, turn=-70), left_leg=Leg(lift=46, azimuth=92, bend=2, turn=-12),
        look=-62, nod=2,
    ),
    Outfit(shirt=(0.14, 0.36, 0.66), sleeve=0.10, neckline=0.012, trousers=(0.14, 0.14, 0.18), legs=0.80, loose=0.45,
        shoes=(0.80, 0.40, 0.36), socks=(0.14, 0.14, 0.18), hair="bun", hair_color=RED_HAIR, skin=PALE),
    View(around=4, height=1.1, lens=26, fill=0.84), SOFT, Place("hall", ((0.80, 0.78, 0.70), (0.72, 0.54, 0.36)),
        wall=2.2, seed=2), Film(exposure=0.2),
    props=("mat",), size=(800, 700), margin=1.0, edge=("right_wrist", 1.7), seed=16,
)

TENNIS = Scene(
    "tennis", "Forehand on the tennis court",
    "A man in white swings a racket for a forehand on a blue hard court, weight on his front leg.",
    Shape(sex=0, age=0.67, weight=0.45, muscle=0.6, height=0.6, ancestry=(0.1, 0.2, 1.0), smile=0.3),
    Pose(
        right_arm=Arm(lift=68, azimuth=72, bend=38, turn=-8, palm=-10, wrist=-14, curl=0.95),
        left_arm=Arm(lift=66, azimuth=32, bend=44, turn=10, curl=0.3),
        right_leg=Leg(lift=30, azimuth=150, bend=46, turn=-14), left_leg=Leg(lift=40, azimuth=22, bend=46, turn=-8),
        lean=8, twist=-24, face=20, look=6, nod=4,
    ),
    Outfit(shirt=(0.90, 0.90, 0.90), accent=(0.15, 0.45, 0.35), pattern="panel", sleeve=0.17,
        trousers=(0.13, 0.15, 0.22), legs=0.36, shoes=WHITE, hair="short", hair_color=FAIR_HAIR, skin=LIGHT_SKIN),
    View(around=-20, height=1.2, lens=24, fill=0.82), SUN, Place("court", ((0.20, 0.36, 0.60), (0.22, 0.42, 0.34)),
        turn=12, seed=8), Film(exposure=0.1, aperture=0.007),
    props=("racket",), size=(760, 800), seed=17,
)

KICK = Scene(
    "kick", "Striking a football",
    "A young man in a red shirt strikes a football with his right foot on a lawn, arms out for balance.",
    Shape(sex=0, age=0.65, weight=0.4, muscle=0.6, height=0.5, ancestry=(0.3, 0.2, 0.8), smile=0.3),
    Pose(
        right_arm=Arm(lift=46, azimuth=140, bend=28, turn=0, curl=0.4),
        left_arm=Arm(lift=72, azimuth=62, bend=26, turn=0, curl=0.35),
        right_leg=Leg(lift=46, azimuth=4, bend=18, turn=-8, point=26, planted=False),
        left_leg=Leg(lift=6, azimuth=170, bend=20, turn=-6),
        lean=-8, tilt=6, twist=16, face=-8, bow=12, nod=20, look=-4,
    ),
    Outfit(shirt=(0.72, 0.12, 0.14), accent=WHITE, pattern="block", sleeve=0.19, trousers=WHITE, legs=0.37,
        shoes=(0.12, 0.12, 0.14), hair="short", hair_color=BLACK_HAIR, skin=OLIVE),
    View(around=-50, height=1.0, lens=24, fill=0.80, shift=(-0.02, 0.02)), SUN, Place("park", seed=21),
    Film(aperture=0.011), props=("football",), size=(760, 800), seed=18,
)

SHOT = Scene(
    "jump_shot", "Jump shot",
    "A tall woman in a purple kit leaves the floor of a sports hall with a basketball above her head.",
    Shape(sex=1, age=0.66, weight=0.42, muscle=0.65, height=0.75, ancestry=(1.0, 0.1, 0.3), smile=0.4),
    Pose(
        right_arm=Arm(lift=142, azimuth=14, bend=52, turn=-4, palm=30, wrist=-30, curl=0.1),
        left_arm=Arm(lift=142, azimuth=16, bend=54, turn=-4, palm=30, wrist=-20, curl=0.1),
        right_leg=Leg(lift=14, azimuth=0, bend=34, turn=-4, point=30, planted=False),
        left_leg=Leg(lift=8, azimuth=10, bend=22, turn=-4, point=32, planted=False),
        bow=-3, nod=-8, hop=0.22,
    ),
    Outfit(shirt=(0.36, 0.18, 0.52), accent=(0.95, 0.8, 0.2), pattern="block", sleeve=0.055, neckline=0.012,
        trousers=(0.36, 0.18, 0.52), legs=0.40, side_stripe=True,
        shoes=(0.92, 0.92, 0.92), hair="tail", hair_color=BLACK_HAIR, skin=BROWN),
    View(around=-16, height=1.2, lens=24, fill=0.88), SOFT, Place("hall", ((0.62, 0.66, 0.70), (0.74, 0.56, 0.36)),
        wall=3.0, seed=6), Film(exposure=0.45),
    props=("held ball",), size=(600, 800), seed=19,
)

WAVING = Scene(
    "waving", "Waving across the street",
    "An elderly man in a light blue shirt lifts his left hand in greeting on a pavement.",
    Shape(sex=0, age=0.93, weight=0.68, muscle=0.42, height=0.45, ancestry=(0.3, 0.3, 0.6), smile=0.9),
    Pose(
        right_arm=Arm(lift=12, azimuth=60, bend=20, turn=10, curl=0.45),
        left_arm=Arm(lift=80, azimuth=74, bend=104, turn=-80, palm=10, curl=0.1),
        right_leg=Leg(lift=6, azimuth=80, bend=3, turn=-10), left_leg=Leg(lift=7, azimuth=60, bend=6, turn=-14),
        bow=3, side=-3, look=10, nod=-2,
    ),
    Outfit(shirt=(0.58, 0.70, 0.82), accent=(0.85, 0.9, 0.95), pattern="check", sleeve=0.52,
        trousers=(0.36, 0.33, 0.29), shoes=(0.22, 0.15, 0.11), soles=(0.1, 0.08, 0.07), hair="crop",
    hair_color=GRAY_HAIR, beard=0.25, skin=OLIVE),
    View(around=16, height=1.4, lens=24, fill=0.84), SOFT, Place("street", ((0.86, 0.74, 0.60), (0.24, 0.38, 0.36)),
        wall=2.6, turn=14, seed=12), Film(aperture=0.009), size=(600, 800), seed=20,
)

SCENES: tuple[Scene, ...] = (STANDING, RUNNER, REACHING, SEATED, WALKING, WARRIOR, TENNIS, KICK, SHOT, WAVING)
