"""Answers that are kept for the next who asks: the latest few, shared by all sessions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The answers to the latest questions; two that ask at once may both work."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, work: Callable[[], V]) -> V:
        """Return what is kept, or work it out and keep it."""
        for known in self.known(key):
            return known
        return self.keep(key, work())

    def known(self, key: K) -> tuple[V, ...]:
        """Return what is kept, if it is."""
        with self._lock:
            if key not in self._kept:
                return ()
            self._kept.move_to_end(key)
            return (self._kept[key],)

    def keep(self, key: K, answer: V) -> V:
        """Keep an answer, and return it."""
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return answer
