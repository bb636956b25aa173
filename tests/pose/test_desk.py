"""Turns at the network: everybody is answered with their own, in batches, and nobody waits for somebody's pile."""

import threading

import numpy as np
import pytest

from dark_core.pose.desk import Desk, LeftError


class Network:
    """Answers each crop with its first value, and remembers its batches; waits where it is told to."""

    def __init__(self):
        self.batches, self.go = [], threading.Event()
        self.go.set()

    def __call__(self, crops: np.ndarray) -> np.ndarray:
        self.batches.append(crops[:, 0, 0, 0].tolist())
        assert self.go.wait(10)
        return crops[:, 0, 0, 0].astype(float)[:, None]

    def hold(self, desk: Desk):
        """Keep it busy with one crop of nobody's until ``go`` is set."""
        self.go.clear()
        ticket = desk.submit(crops(0), "nobody")
        while not self.batches:
            pass
        return ticket


def crops(*values: int, size: int = 4) -> np.ndarray:
    return np.stack([np.full((size, size, 3), value, np.uint8) for value in values])


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def desk(network):
    with Desk(network, most=4) as desk:
        yield desk
        network.go.set()


def test_everybody_is_answered_with_their_own(desk):
    results = {}

    def ask(visitor: int) -> None:
        ticket = desk.submit(crops(*range(visitor, visitor + 1 + visitor % 6)), visitor)
        results[visitor] = ticket.result(10)[:, 0].tolist()

    threads = [threading.Thread(target=ask, args=(visitor,)) for visitor in range(1, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {v: list(range(v, v + 1 + v % 6)) for v in range(1, 60)}
    assert desk.waiting() == 0


def test_those_who_wait_are_read_together(desk, network):
    network.hold(desk)
    tickets = [desk.submit(crops(value), value) for value in (1, 2, 3, 4, 5)]
    assert [ticket.ahead for ticket in tickets] == [0, 1, 2, 3, 4] and desk.waiting() == 5
    network.go.set()
    for value, ticket in zip((1, 2, 3, 4, 5), tickets):
        assert ticket.result(10)[:, 0].tolist() == [value]
    assert network.batches == [[0], [1, 2, 3, 4], [5]]


def test_a_pile_does_not_hold_up_the_others(desk, network):
    network.hold(desk)
    pile = [desk.submit(crops(*[100 + k] * 4), "greedy") for k in range(50)]
    late = desk.submit(crops(7), "modest")
    assert late.ahead == 1
    network.go.set()
    assert late.result(10)[0, 0] == 7
    assert network.batches.index([7]) <= 2, "after one of the pile at most"
    assert [ticket.result(10)[0, 0] for ticket in pile] == [100 + k for k in range(50)]


def test_crops_of_another_size_wait_for_their_own_batch(desk, network):
    network.hold(desk)
    small, large, again = (desk.submit(crops(v, size=s), v) for v, s in ((1, 4), (2, 8), (3, 4)))
    network.go.set()
    assert [t.result(10)[0, 0] for t in (small, large, again)] == [1, 2, 3]
    assert network.batches == [[0], [1, 3], [2]]


def test_more_than_a_batch_comes_back_in_order(desk, network):
    assert desk.submit(crops(*range(11)), "one").result(10)[:, 0].tolist() == list(range(11))
    assert max(map(len, network.batches)) == 4


def test_who_leaves_is_not_read(desk, network):
    network.hold(desk)
    gone, stays = desk.submit(crops(1, 1, 1, 1, 1), "gone"), desk.submit(crops(2), "stays")
    gone.leave()
    network.go.set()
    assert stays.result(10)[0, 0] == 2
    with pytest.raises(LeftError):
        gone.result(10)
    assert [1] * 4 not in network.batches and desk.waiting() == 0


def test_an_error_reaches_whoever_was_in_the_batch_and_nobody_else(network):
    def broken(batch):
        if (batch == 13).any():
            raise RuntimeError("out of memory")
        return network(batch)

    with Desk(broken, most=2) as desk:
        bad = desk.submit(crops(13, 13, 13), "bad")
        with pytest.raises(RuntimeError, match="out of memory"):
            bad.result(10)
        assert desk.submit(crops(5), "good").result(10)[0, 0] == 5, "and the desk goes on"


def test_patience_has_an_end(desk, network):
    network.hold(desk)
    ticket = desk.submit(crops(1), "one")
    with pytest.raises(TimeoutError):
        ticket.result(0.01)
    assert not ticket.done
    network.go.set()
    assert ticket.result(10)[0, 0] == 1 and ticket.done


def test_a_closed_desk_tells_those_who_wait_and_takes_nobody(network):
    desk = Desk(network, most=4)
    held = network.hold(desk)
    waiting = desk.submit(crops(1), "one")
    closing = threading.Thread(target=desk.close)
    closing.start()
    with pytest.raises(LeftError):
        waiting.result(10)
    network.go.set()
    closing.join(10)
    assert held.result(10)[0, 0] == 0
    with pytest.raises(LeftError):
        desk.submit(crops(1), "late")
    with pytest.raises(ValueError, match="no crops"):
        Desk(network).submit(np.zeros((0, 4, 4, 3), np.uint8), "one")
