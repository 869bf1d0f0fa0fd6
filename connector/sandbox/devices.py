"""The listener's devices: several, among them one that takes no commands, one without an id and one without volume."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Final

from connector.sandbox.catalogue import Json


@dataclass
class Device:
    """One device; attributes as in a DeviceObject, `is_private_session` aside, which is the listener's.

    Attributes:
        id: None where the service tells none; such a device can't be named.
        name, type: for people; a type is one of the Web API's, such as "Speaker".
        is_active: whether it is the one that plays.
        is_restricted: whether it takes no commands from the Web API.
        supports_volume: whether its volume can be set.
        volume_percent: 0 to 100, None where it isn't known.
    """

    id: str | None
    name: str
    type: str = "Speaker"
    is_active: bool = False
    is_restricted: bool = False
    supports_volume: bool = True
    volume_percent: int | None = 60

    def to_json(self, is_private_session: bool) -> Json:
        """A DeviceObject."""
        return {**asdict(self), "is_private_session": is_private_session}


_AT_THE_START: Final[tuple[Json, ...]] = (
    # The first two have the ids that the documentation's examples use.
    {"id": "74ASZWbe4lXaubB36ztrGX", "name": "Kitchen", "is_active": True, "volume_percent": 40},
    {"id": "0d1841b0976bae2a3a310dd74c0f3df354899bc8", "name": "Laptop", "type": "Computer"},
    {
        "id": "5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e",
        "name": "Phone",
        "type": "Smartphone",
        "supports_volume": False,
        "volume_percent": None,
    },
    {"id": "b46689a4cb5c8d1ec9a0f2d2f8a6a8f1c7b3e0d5", "name": "Living room", "is_restricted": True},
    {"id": None, "name": "Bathroom"},
)


class Devices:
    """The devices that are there.

    Attributes:
        all: every one, in the order in which they are told.
    """

    def __init__(self) -> None:
        self.set(_AT_THE_START)

    def set(self, parts: Sequence[Json]) -> None:
        """Put devices in the place of those that are there, each described by the attributes of `Device`.

        Raises:
            ValueError: there is none, one has no `id` or `name`, or an attribute that there isn't.
        """
        known = {field.name for field in fields(Device)}
        if not parts or not all({"id", "name"} <= part.keys() <= known for part in parts):
            raise ValueError(f"devices are a list of objects with id, name and any of {', '.join(sorted(known))}")
        self.all = [Device(**part) for part in parts]

    @property
    def active(self) -> Device | None:
        """The one that plays."""
        return next((device for device in self.all if device.is_active), None)

    def find(self, device_id: str) -> Device | None:
        """The one with this id."""
        return next((device for device in self.all if device.id == device_id), None)

    def activate(self, chosen: Device | None) -> None:
        """Make one the active device, or with None no device."""
        for device in self.all:
            device.is_active = device is chosen
