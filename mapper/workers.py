"""Processes of this machine that share work: they end when their parent does, and leave the terminal's signals to it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any


class Workers(ProcessPoolExecutor):
    """A process pool whose processes do not outlive their parent, however it ends.

    Spawned, not forked: a forked copy of a process with threads may hang, and memory is then told apart.
    """

    def __init__(self, jobs: int) -> None:
        with _terminal_held():  # multiprocessing starts its tracker here, which falls over a closed terminal
            super().__init__(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        with _terminal_held():  # workers are started here, and inherit what is held
            return super().submit(fn, *args, **kwargs)


def end_workers() -> None:
    """Ends every process that this one started with ``multiprocessing``, in the middle of what it does."""
    for child in multiprocessing.active_children():
        child.terminate()


def _end_with_parent() -> None:
    """In a worker: a thread that waits for the parent's end, which the system tells even of a killed one."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)  # at once: nobody is left to take the result

    threading.Thread(target=wait, daemon=True, name="waits for the parent").start()


@contextmanager
def _terminal_held() -> Iterator[None]:
    """Holds what the terminal sends (Ctrl-C, its end) back from this thread, and for good from processes started meanwhile.

    The terminal sends them to every process: a worker that one ends in the middle of taking work leaves the queue locked,
    and the parent waits for ever. The parent ends its workers itself.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
