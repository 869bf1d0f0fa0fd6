"""Lists as people name them: by id, URI, link, or the name of one that they own."""

from __future__ import annotations

import re
from typing import Final

from connector.arguments.typed_text import simplify
from connector.arguments.validation import Args
from connector.composites.kept_list import Invoke, KeptList, find, read_text
from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.procedures import ListKind, Procedure
from connector.manifest.references import References
from connector.result import Result

#: Ids of things of one name that a message repeats.
_MOST_TOLD: Final = 5


class NamedLists:
    """The part of a run that finds lists and makes them."""

    args: Args
    procedure: Procedure
    _references: References
    #: Ids of the user's own lists by their names, for each kind of which that was asked.
    _own: dict[str, dict[str, list[str]]]

    def open(self, kind: ListKind, id_: str | list[str] | None = None) -> KeptList:
        raise NotImplementedError

    def read(self, block: str, args: Args) -> Result:
        raise NotImplementedError

    def write(self, block: str, args: Args) -> Result:
        raise NotImplementedError

    def find_list(self, part: str, field: str, text: str | None = None) -> KeptList | None:
        """The list that the field, or a `text` in it, names, by id, URI, link, or the name of one that the user owns;
        `None` where it is a name that none of them has. Raises `InvocationFailed`: `invalid_fields` for the name of
        several, and for what is a reference to something else."""
        kind = self.procedure.lists[part]
        if kind.field is None:
            return self.open(kind)
        text = self.args[field] if text is None else text
        words = kind.words["find"]
        if re.fullmatch(words["known"], text):
            return self.open(kind, text)
        if found := self._references.read(text):
            if found[0] != words["kind"]:
                raise refuse(field, f"is a link to another kind of thing than {kind.title}", words["fits"])
            return self.open(kind, found[1])
        return self.find_by_name(part, field, text)

    def require_list(self, part: str, field: str, text: str | None = None) -> KeptList:
        """The same. Raises `InvocationFailed` where there is none of that name, too."""
        kept = self.find_list(part, field, text)
        if kept is None:
            kind = self.procedure.lists[part]
            raise refuse(field, f"is the name of no {kind.title}{_tell_whose(kind)}", kind.words["find"]["fits"])
        return kept

    def require_lists(self, part: str, field: str) -> list[KeptList]:
        """The list that each entry of the field names. Raises `InvocationFailed`, which tells the entry's number."""
        return [self._require_entry(part, field, place, text) for place, text in enumerate(self.args[field], start=1)]

    def _require_entry(self, part: str, field: str, place: int, text: str) -> KeptList:
        try:
            return self.require_list(part, field, text)
        except InvocationFailed as failure:
            for problem in failure.error.fields:
                why = f"has an entry, number {place}, that {problem.problem}"
                raise refuse(field, why, problem.fits) from None
            raise

    def make_list(self, part: str, title: str) -> KeptList:
        """A new list of that name. Raises `InvocationFailed`; another run finds it by its name then."""
        kind = self.procedure.lists[part]
        words = kind.words["create"]
        made = self.write(kind.blocks["create"], {words["title"]: title, **words.get("with", {})})
        if (id_ := read_text(find(words["id"], made.output))) is None:
            text = f"the {kind.title} may have been made, but the answer doesn't tell its id: run it again, to go on."
            raise InvocationFailed(ErrorDetail("bad_answer", text, is_uncertain=True))
        kept = self.open(kind, id_)
        kept.is_new = True
        return kept

    def find_by_name(self, part: str, field: str, name: str) -> KeptList | None:
        """The list of that name which the user owns; `None` where there is none. Raises `InvocationFailed`
        (`invalid_fields`) for the name of several."""
        kind = self.procedure.lists[part]
        if kind.name not in self._own:
            own: dict[str, list[str]] = {}
            for id_, title in list_own(kind, self.read):
                own.setdefault(fold_name(title), []).append(id_)
            self._own[kind.name] = own
        ids = self._own[kind.name].get(fold_name(name), [])
        if len(ids) > 1:
            told = ", ".join(ids[:_MOST_TOLD])
            raise refuse(field, f"is the name of {len(ids)}{_tell_whose(kind)}: {told}", "the id of one of them")
        return self.open(kind, ids[0]) if ids else None


def list_own(kind: ListKind, read: Invoke) -> list[tuple[str, str]]:
    """The id and the title of each list of that kind that whoever `read`s owns, in their order; of each one where lists
    have no owners."""
    words = kind.words["find"]
    owner = words.get("owner")
    me = find(kind.words["me"]["at"], read(kind.blocks["me"], {}).output) if owner else None
    entries = read(kind.blocks["find"], {}).entries
    return [
        (id_, find(words["title"], entry) or "")
        for entry in entries
        if (id_ := read_text(find(words["id"], entry))) and (owner is None or find(owner, entry) == me)
    ]


def _tell_whose(kind: ListKind) -> str:
    return " that you own" if "owner" in kind.words["find"] else ""


def fold_name(name: str) -> str:
    """What names have in common that people take for the same."""
    return simplify(name).casefold()


def refuse(field: str, why: str, fits: str | None = None) -> InvocationFailed:
    """The error for a field that doesn't fit."""
    problem = FieldProblem(field, why, fits)
    return InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)))
