"""A data set read on a cluster: what comes back is what one process reads, to the last bit, whoever dies meanwhile."""

import json
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from dark_core.evaluation.evaluate import batches, predict_heatmaps
from dark_core.files.annotations import Person
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON

ROOT = Path(__file__).parents[2]
BATCH = 2
WAIT = 600  # seconds for anything on the cluster, far more than it takes


@pytest.fixture
def people() -> list[Person]:
    """Twenty people in pictures of noise."""
    rng = np.random.default_rng(0)
    photos = [rng.integers(0, 256, (100 + number, 120, 3), dtype=np.uint8) for number in range(20)]
    return [Person(photo, rng.uniform(10, 90, (14, 2)), np.ones(14)) for photo in photos]


class Watched:
    """A person whose photo never comes on the node ``doomed``, and elsewhere once that node has begun to wait for one.

    Each look is noted as a file: "batch node".
    """

    def __init__(self, person: Person, batch: int, doomed: str, folder: Path):
        self.joints, self._photo, self._batch = person.joints, person.photo, batch
        self._doomed, self._folder = doomed, folder

    @property
    def photo(self) -> np.ndarray:
        import ray

        here = ray.get_runtime_context().get_node_id()
        (self._folder / f"{self._batch} {here}").touch()
        end = time.monotonic() + WAIT
        while here == self._doomed or not looked_at(self._folder, self._doomed):
            if time.monotonic() > end:
                raise TimeoutError("the second node was not killed, or had nothing to do")
            time.sleep(0.02)
        return self._photo


def looked_at(folder: Path, node_id: str) -> set[int]:
    """The batches that a node has begun."""
    return {int(path.name.split()[0]) for path in folder.glob(f"* {node_id}")}


def test_a_node_killed_in_mid_run_changes_nothing(head, second, tiny, people, tmp_path):
    import ray

    from dark_core.cluster.compare import predict_batches

    alone = predict_heatmaps(people, Estimator(tiny, "cpu").forward_flipped, tiny.size, BATCH)[0]
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    watched = [Watched(person, number // BATCH, second.node_id, tmp_path) for number, person in enumerate(people)]
    read = predict_batches(batches(watched, BATCH), tiny, "cpu")
    found = dict([next(read)])
    lost = looked_at(tmp_path, second.node_id)
    assert lost and not lost & set(found), "one batch is done, and the second node is in the midst of another"
    head.remove_node(second, allow_graceful=False)
    found |= read

    assert sorted(found) == list(range(len(people) // BATCH))
    assert lost <= looked_at(tmp_path, head.head_node.node_id), "what the dead node had begun was begun again"
    np.testing.assert_array_equal(np.concatenate([found[number] for number in sorted(found)]), alone)


def evaluate(*options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "dark_core", "evaluate", *map(str, options)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WAIT)


@pytest.fixture
def options(people, folder, tmp_path) -> list:
    """Sixty people as a COCO-style set, and the network "tiny"."""
    images, notes = [], []
    for number, person in enumerate(3 * people):
        if number < len(people):
            cv2.imwrite(str(tmp_path / f"{number}.png"), person.photo)
            images.append({"id": number, "file_name": f"{number}.png"})
        keypoints = np.column_stack([person.joints, np.full(14, 2)]).ravel().tolist()
        notes.append({"image_id": number % len(people), "category_id": 1, "keypoints": keypoints})
    category = {"id": 1, "keypoints": list(SKELETON.names)}
    (tmp_path / "set.json").write_text(json.dumps({"images": images, "annotations": notes, "categories": [category]}))
    found = ["--images", tmp_path, "--annotations", tmp_path / "set.json", "--decoder", "all", "--device", "cpu"]
    return [*found, "--model", "tiny", "--folder", folder]


def test_evaluate_prints_the_same_table_alone_and_on_the_cluster(head, second, options):
    alone, joint = evaluate(*options), evaluate(*options, "--cluster", head.address)
    assert (alone.returncode, joint.returncode) == (0, 0), alone.stderr + joint.stderr
    assert alone.stdout.startswith("set: 60 people") and len(alone.stdout.splitlines()) > 3 * len(SKELETON)
    assert joint.stdout == alone.stdout


def test_evaluate_says_that_no_cluster_answers(installed, options, free_port):
    nowhere = evaluate(*options, "--cluster", f"127.0.0.1:{free_port()}")
    assert nowhere.returncode == 1 and "Traceback" not in nowhere.stderr
    assert nowhere.stderr.count("No Ray cluster answers at 127.0.0.1") == 1


def test_evaluate_says_what_is_missing(options):
    placed = evaluate(*options, "--cluster", "--placed")
    assert placed.returncode == 1 and placed.stderr.startswith("--placed reads on this machine alone")
    code = f"""
import sys
sys.modules["ray"] = None
sys.argv = ["dark_core", "evaluate", *{[*map(str, options), "--cluster"]!r}]
from dark_core.cli.main import main
main()
"""
    without = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=WAIT)
    assert without.returncode == 1
    assert without.stderr.strip() == 'This needs Ray: pip install "dark-explorer[cluster]"'
