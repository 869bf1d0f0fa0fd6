"""The harbour's watches as its office keeps them: ships by their numbers, added anywhere, struck off one by one."""

import json

#: Ships that passed, the latest first; one of them twice.
PASSAGES = [
    {"number": 9074729, "name": "Ejder", "passed": "2026-06-05T10:00:00Z"},
    {"number": 9241061, "name": "Alk", "passed": "2026-06-04T10:00:00Z"},
    {"number": 9187394, "name": "Lom", "passed": "2026-06-03T10:00:00Z"},
    {"number": 9074729, "name": "Ejder", "passed": "2026-06-02T10:00:00Z"},
    {"number": 9333010, "name": "Sule", "passed": "2026-06-01T10:00:00Z"},
    {"number": 9420045, "name": "Tejst", "passed": "2026-05-31T10:00:00Z"},
]
_NAMES = {each["number"]: each["name"] for each in PASSAGES}
#: The most ships that one call adds.
_MOST = 4


class Watches:
    """Watch 7, called North, and those that are opened. A ship that `is_impounded` can't be struck off."""

    def __init__(self):
        self.ships = {7: []}
        self.names = {7: "North"}
        self.editions = {7: 1}

    def fill(self, watch, numbers, impounded=()):
        """Has a watch look out for these, as if somebody had added them one after the other."""
        self.ships[watch] = [
            {
                "ship": {"number": number, "name": _NAMES.get(number, f"Ship {number}")},
                "since": f"2026-05-{day:02}T08:00:00Z",
                "is_impounded": number in impounded,
            }
            for day, number in enumerate(numbers, 1)
        ]

    def list_numbers(self, watch):
        return [entry["ship"]["number"] for entry in self.ships[watch]]

    def answer(self, seen):
        """What the office answers to a request below /watches; `None` for any other."""
        match (seen.method, *seen.path.strip("/").split("/")):
            case ["GET", "passages"]:
                return 200, {}, {"passages": PASSAGES}
            case ["GET", "watches"]:
                return 200, {}, {"watches": [self._describe(watch) for watch in self.ships]}
            case ["POST", "watches"]:
                watch = max(self.ships) + 1
                self.ships[watch], self.editions[watch] = [], 1
                self.names[watch] = json.loads(seen.body)["name"]
                return 201, {}, self._describe(watch)
            case [method, "watches", watch, *rest] if int(watch) in self.ships:
                return self._answer_one(method, int(watch), rest, seen)
        return None

    def _answer_one(self, method, watch, rest, seen):
        entries = self.ships[watch]
        match (method, *rest):
            case ["GET"]:
                return 200, {}, self._describe(watch)
            case ["GET", "ships"]:
                # A mark is no number that a client could count itself.
                word, _, number = seen.query.get("since", "mark-0").partition("-")
                if word != "mark":
                    return 400, {}, {"problem": "No such mark."}
                start, end = int(number), int(number) + int(seen.query["per"])
                mark = f"mark-{end}" if end < len(entries) else None
                return 200, {}, {"rows": entries[start:end], "more": mark, "mark": {"last": mark}}
            case ["POST", "ships"]:
                body = json.loads(seen.body)
                at = body.get("at", len(entries))
                assert len(body["numbers"]) <= _MOST
                assert all(isinstance(number, int) for number in body["numbers"])
                entries[at:at] = [
                    {"ship": {"number": number, "name": _NAMES.get(number, f"Ship {number}")}, "since": "2026-06-06"}
                    for number in body["numbers"]
                ]
            case ["DELETE", "ships", number]:
                assert not any(each["ship"]["number"] == int(number) and each.get("is_impounded") for each in entries)
                self.ships[watch] = [each for each in entries if each["ship"]["number"] != int(number)]
        self.editions[watch] += 1
        return 204, {}, b""

    def _describe(self, watch):
        ships = self.ships[watch]
        return {"watch": watch, "name": self.names[watch], "ships": len(ships), "edition": self.editions[watch]}
