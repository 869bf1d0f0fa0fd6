"""`GET /export/{name}.tgz`: the palettes of workflow builders, as npm installs them, made by the version that runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.export import Files, list_packages, load_package_builder
from connector.export.package import to_tgz
from connector.manifest.manifest import Manifest
from connector.runners.http_server.problems import Refused


class ExportEndpoints:
    """The archives of all exports that are npm packages; each is built when it is first asked for, and none of a
    manifest that is not sound, whose words could break out of a form."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._building = threading.Lock()
        self._archives: dict[str, bytes] = {}
        self._is_sound: bool | None = None

    @property
    def routes(self) -> list[Route]:
        return [Route("/export/{name}.tgz", self._send, methods=["GET"])]

    async def _send(self, request: Request) -> Response:
        name = request.path_params["name"]
        try:
            build = load_package_builder(name)
        except KeyError:
            known = " and ".join(f"/export/{name}.tgz" for name in list_packages())
            raise Refused("unknown_path", f"There is no palette of this name; there are {known}.") from None
        archive = await asyncio.to_thread(self._find, name, build)
        file_name = f"{self._manifest.command}-{name}.tgz"
        return Response(
            archive,
            media_type="application/gzip",
            headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
        )

    def _find(self, name: str, build: Callable[[Manifest], Files]) -> bytes:
        # Loaded with the first palette: few runners hand any out.
        from connector.lint import is_sound

        # Whoever asks while it is being built waits for it.
        with self._building:
            if self._is_sound is None:
                self._is_sound = is_sound(self._manifest)
            if not self._is_sound:
                command = self._manifest.command
                raise Refused(
                    "internal",
                    f"The manifest is not sound, so no palette is made of it: mend it until `{command} check` has "
                    "nothing to say.",
                )
            if name not in self._archives:
                self._archives[name] = to_tgz(build(self._manifest))
            return self._archives[name]
