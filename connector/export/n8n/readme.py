"""The package's README: how to install it, how to reach the runner, and what each operation and each trigger does."""

from __future__ import annotations

from typing import Any, Final

from connector.export.markdown import build_table, to_code, to_text
from connector.export.n8n.names import Names
from connector.export.n8n.operations import list_operations
from connector.export.n8n.wording import tell_origin, to_resource
from connector.manifest.manifest import Manifest

_README: Final = """\
# {package}

{tagline}, as the node **{title}** for [n8n](https://n8n.io). {description}

The node calls a runner, which knows the service: paging, batches, sign-in, rate limits. The runner is the program
{program}, {origin}
{serve} starts it.

## Install

n8n installs a folder or an archive from the folder of its own packages:

```sh
mkdir -p ~/.n8n/nodes && cd ~/.n8n/nodes
npm install --omit=peer --install-links /path/to/{package}
```

Then start n8n again. The runner offers the archive itself, at `/export/n8n.tgz`.

## Credential

Create a credential **{title} API**:

- **Runner URL**: where the runner listens, as seen from n8n.
- **API Key**: a key of the runner's.
- **Connection**: the runner's name for whose account the blocks act on.

Its test lists the runner's blocks.

## Operations

{operations}

Lists and paged answers give one item for each entry; an entry that is no object comes as `value`, an empty answer as
`success`. What writes says in `did` what it did. With *Return All* everything is read, else up to *Limit*. *Simplify*
leaves of each entry what a person wants; without it comes all that the service says. Where a file is wanted, the
name of a binary field of the item will do; a file that a block makes is in the binary field `data`.

{triggers}## What can go wrong

An error says what was wrong and what to do next; a field's problem names the field as the form does. With *Continue*
in the node's settings the item gets `error` and `details`, the runner's whole answer: `kind`, `fields`, `retry_after`.

## Resources

{resources}

## License

MIT
"""

_TRIGGERS: Final = """\
## Triggers

The node **{title}** starts a workflow when something has happened. It is polled; each event is an item with `id`,
`type`, `time` and `data`, and has the same `id` should it come again. It tells what happens from the first poll on;
*Fetch Test Event* shows the newest.

{events}

"""


def build_readme(manifest: Manifest, names: Names, events: list[dict[str, Any]]) -> str:
    """The README as Markdown; `events` are the triggers as n8n's options."""
    package = manifest.package
    parts = []
    for group, operations in list_operations(manifest).items():
        rows = [(to_text(each["name"]), to_text(manifest.block(each["value"]).description)) for each in operations]
        parts.append(f"### {to_text(to_resource(group))}\n\n{build_table(('operation', 'what it does'), rows)}")
    return _README.format(
        package=names.package,
        title=to_text(names.title),
        program=to_code(manifest.command),
        origin=tell_origin(names.source and f"<{names.source}>"),
        serve=to_code(f"{manifest.command} serve"),
        tagline=to_text(package["tagline"]),
        description=to_text(package["description"]),
        operations="\n\n".join(parts),
        triggers=_tell_triggers(names, events) if events else "",
        resources="\n".join(f"- [{to_text(title)}]({address})" for title, address in _find_resources(manifest, names)),
    )


def _tell_triggers(names: Names, events: list[dict[str, Any]]) -> str:
    rows = [(to_text(event["name"]), to_text(event["description"])) for event in events]
    return _TRIGGERS.format(
        title=to_text(names.trigger_title), events=build_table(("event", "when it starts a workflow"), rows)
    )


def _find_resources(manifest: Manifest, names: Names) -> list[tuple[str, str]]:
    return [
        ("n8n's documentation of community nodes", "https://docs.n8n.io/integrations/community-nodes/"),
        ("Documentation and source" if names.source else "A runner's own page of all blocks", names.documentation),
        (str(manifest.package["title"]), f"https://{manifest.package['domain']}"),
    ]
