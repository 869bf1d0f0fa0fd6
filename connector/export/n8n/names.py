"""What the package, its node and its credential are called, all from the manifest's own names."""

from __future__ import annotations

from dataclasses import dataclass

from connector.export import RUNNER_URL
from connector.export.file_names import to_slug
from connector.export.n8n.wording import to_class_name
from connector.manifest.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Names:
    """Names that workflows keep: they change only if the manifest's title or command does. `source` is the address of
    the source on the web, empty where it has none."""

    package: str
    title: str
    node: str
    node_class: str
    credential: str
    credential_class: str
    icon: str
    dark_icon: str
    source: str

    @classmethod
    def from_manifest(cls, manifest: Manifest) -> Names:
        """The names that follow from a manifest."""
        title = f"{manifest.package['title']} Blocks"
        node_class = to_class_name(title)
        node = node_class[0].lower() + node_class[1:]
        repository = str(manifest.package.get("repo", ""))
        return cls(
            package=f"n8n-nodes-{to_slug(manifest.command)}",
            title=title,
            node=node,
            node_class=node_class,
            credential=f"{node}Api",
            credential_class=f"{node_class}Api",
            icon=f"{node}.svg",
            dark_icon=f"{node}.dark.svg",
            source=repository if repository.startswith("http") else "",
        )

    @property
    def documentation(self) -> str:
        """Where n8n's links to documentation lead: to the source, or to a runner's own page where there is none."""
        return self.source or f"{RUNNER_URL}/docs"

    @property
    def node_folder(self) -> str:
        return f"dist/nodes/{self.node_class}"

    @property
    def node_file(self) -> str:
        return f"{self.node_folder}/{self.node_class}.node.js"

    @property
    def trigger_title(self) -> str:
        return f"{self.title} Trigger"

    @property
    def trigger(self) -> str:
        """The trigger node beside the node; by this name n8n shows both as one in its list."""
        return f"{self.node}Trigger"

    @property
    def trigger_class(self) -> str:
        return f"{self.node_class}Trigger"

    @property
    def trigger_file(self) -> str:
        return f"{self.node_folder}/{self.trigger_class}.node.js"

    @property
    def credential_folder(self) -> str:
        return "dist/credentials"

    @property
    def credential_file(self) -> str:
        return f"{self.credential_folder}/{self.credential_class}.credentials.js"
