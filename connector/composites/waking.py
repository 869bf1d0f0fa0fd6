"""Plays something on a device: finds it, wakes it, sets how loud it is, starts, and fades in.

What a device is called, and how it is asked, stands in the manifest's words.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from connector.composites.kept_list import find
from connector.composites.named_lists import fold_name, refuse
from connector.composites.task import Task
from connector.errors import ErrorDetail, InvocationFailed

#: Seconds between two looks at the devices; a device that wakes takes a few.
_LOOK_S: Final = 1.0
#: The most calls that a fade takes, and the least seconds between two of them.
_MOST_STEPS: Final = 50
_LEAST_STEP_S: Final = 0.5
#: Devices that a message names.
_MOST_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class Device:
    """A device as it tells itself; one without an `id`, or that `is_restricted`, takes no commands."""

    id: str | None
    name: str
    is_active: bool
    is_restricted: bool
    has_volume: bool
    volume: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """To be set to the `volume` after so many seconds."""

    wait_s: float
    volume: int


def choose_device(devices: Sequence[Device], text: str) -> Device | None:
    """The device of that id, or of that name; `None` where there is none. Raises `InvocationFailed` (`invalid_fields`)
    for the name of several."""
    named = [device for device in devices if fold_name(device.name) == fold_name(text)]
    found = [device for device in devices if device.id == text] or named
    if len(found) > 1:
        ids = ", ".join(device.id or "one without an id" for device in found)
        raise refuse("device", f"is the name of {len(found)}: {ids}", "the id of one of them")
    return found[0] if found else None


def plan_fade(start: int, end: int, seconds: float) -> list[Step]:
    """The steps from one volume to another, evenly in so many seconds, as few as let each be heard as little as can
    be; the last one is to `end`."""
    count = min(_MOST_STEPS, abs(end - start), max(1, int(seconds / _LEAST_STEP_S)))
    return [Step(seconds / count, start + round((end - start) * place / count)) for place in range(1, count + 1)]


def play_on(task: Task) -> dict[str, Any]:
    """Plays what is asked for on the device, or goes on there with what plays. Raises `InvocationFailed`: `not_found`
    where the device doesn't come within the time."""
    waker = _Waker(task)
    device = waker.find()
    was_active = device.is_active
    fade = task.args.get("fade", 0)
    volume = task.args.get("volume", device.volume if fade else None)
    if volume is not None and not device.has_volume:
        task.warn(f"{device.name} takes no volume: it plays as loud as it is set there.")
        volume = None
    steps = plan_fade(0, volume, fade) if fade and volume else []
    writes = (not was_active) + (volume is not None) + 1 + len(steps)

    def tell(task: Task) -> dict[str, Any]:
        told = f"{'Would play' if task.is_dry else 'Playing'} on {device.name}"
        task.did = told if volume is None else f"{told} at {volume} %"
        return {
            "device": {"id": device.id, "name": device.name},
            "woken": not was_active,
            "volume": volume,
            "calls": {"read": task.reads, "write": writes if task.is_dry else task.writes},
            "dry_run": task.is_dry,
        }

    task.propose(tell)
    if not task.is_dry:
        if not was_active:
            device = waker.wake(device)
        if volume is not None:
            waker.set_volume(device, 0 if steps else volume)
        try:
            waker.start(device)
        except InvocationFailed:
            if steps:
                waker.put_back_volume(device, volume)
            raise
        for step in steps:
            task.sleep(step.wait_s)
            waker.set_volume(device, step.volume)
    return tell(task)


class _Waker:
    """The device of a task, and the blocks that it is asked by."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._words: Mapping[str, Any] = task.words
        self._blocks = task.procedure.blocks
        self._end = time.monotonic() + task.args.get("wait", task.words["wait"])

    def find(self) -> Device:
        """The device, as soon as it is there. Raises `InvocationFailed`."""
        text = self._task.args["device"]
        while True:
            devices = self._look()
            device = choose_device(devices, text)
            if device is not None and device.id is not None and not device.is_restricted:
                return device
            if device is not None or self._task.is_dry or time.monotonic() >= self._end:
                raise _fail(devices, device)
            self._task.steps.wait("the device")
            self._task.sleep(_LOOK_S)

    def wake(self, device: Device) -> Device:
        """Has what plays go on there, paused, until the device says that it is the one; gives it as it is then."""
        self._ask("transfer", {self._words["device"]: device.id, self._words["starts"]: False})
        while True:
            now = next((each for each in self._look() if each.id == device.id), device)
            if now.is_active:
                return now
            if time.monotonic() >= self._end:
                # Some play without ever saying so.
                self._task.warn(f"{device.name} did not say that it is active.")
                return device
            self._task.steps.wait("the device")
            self._task.sleep(_LOOK_S)

    def set_volume(self, device: Device, volume: int) -> None:
        self._ask("volume", {self._words["device"]: device.id, self._words["volume"]: str(volume)})

    def put_back_volume(self, device: Device, volume: int | None) -> None:
        """Sets how loud it was before it was made quiet to fade in, or else the `volume` that was asked for, as well as
        that can be done."""
        loud = str(volume if device.volume is None else device.volume)
        with suppress(InvocationFailed):
            self._task.finish(self._blocks["volume"], {self._words["device"]: device.id, self._words["volume"]: loud})

    def start(self, device: Device) -> None:
        """Starts what is asked for, or what was paused."""
        args = self._task.args
        what = {self._words[name]: args[name] for name in ("source", "uris") if name in args}
        if what:
            self._ask("play", {self._words["device"]: device.id, **what})
        else:
            self._ask("transfer", {self._words["device"]: device.id, self._words["starts"]: True})

    def _look(self) -> list[Device]:
        words = self._words["entry"]
        return [
            Device(
                find(words["id"], entry),
                find(words["title"], entry) or "",
                bool(find(words["active"], entry)),
                bool(find(words["restricted"], entry)),
                bool(find(words["has_volume"], entry)),
                find(words["volume"], entry),
            )
            for entry in self._task.read(self._blocks["devices"], {}).entries
        ]

    def _ask(self, part: str, args: dict[str, Any]) -> None:
        self._task.write(self._blocks[part], args)


def _fail(devices: Sequence[Device], device: Device | None) -> InvocationFailed:
    if device is not None:
        return InvocationFailed(
            ErrorDetail("forbidden", f"the device {device.name} takes no commands from here; choose another one.")
        )
    names = ", ".join(each.name for each in devices[:_MOST_TOLD])
    there = f"there are: {names}" if names else "there is none at all"
    return InvocationFailed(
        ErrorDetail("not_found", f"no such device came within the time; {there}. Open the app there, and try again.")
    )
