"""The classes that n8n loads, as JavaScript: the node and the trigger node with their forms, and the credential."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from connector.export import RUNNER_URL
from connector.export.n8n.forms import Forms
from connector.export.n8n.icons import tell_icon, tell_node_icon, tell_trigger_icon
from connector.export.n8n.names import Names
from connector.export.n8n.taken_values import take, write_taken
from connector.export.n8n.trigger_forms import TriggerForms
from connector.export.n8n.widgets import Parameter
from connector.export.n8n.wording import tell_origin, to_hint
from connector.manifest.manifest import Manifest

_NODE: Final = """\
'use strict';

const {{ NodeConnectionTypes }} = require('n8n-workflow');
const {{ runBlocks }} = require('../../runtime/blocks.js');
const {{ buildChoices }} = require('../../runtime/choices.js');
const {{ buildMethods }} = require('../../runtime/lists.js');
const palette = require('../../runtime/palette.json');

const choices = buildChoices(palette.choices);
const icon = {icon};

class {name} {{
\tdescription = {description};

\tmethods = buildMethods(palette, palette.blocks, 'operation');

\tasync execute() {{
\t\treturn await runBlocks(this, palette);
\t}}
}}

module.exports = {{ {name} }};
"""

_TRIGGER: Final = """\
'use strict';

const {{ NodeConnectionTypes }} = require('n8n-workflow');
const {{ buildChoices }} = require('../../runtime/choices.js');
const {{ buildMethods }} = require('../../runtime/lists.js');
const {{ pollTrigger }} = require('../../runtime/triggers.js');
const palette = require('../../runtime/palette.json');

const choices = buildChoices(palette.choices);
const icon = {icon};

class {name} {{
\tdescription = {description};

\tmethods = buildMethods(palette, palette.triggers, 'event');

\tasync poll() {{
\t\treturn await pollTrigger(this, palette);
\t}}
}}

module.exports = {{ {name} }};
"""

_CREDENTIAL: Final = """\
'use strict';

const {{ isBelow, joinUrl }} = require('../runtime/runner_address.js');

class {name} {{
\tname = {credential};

\tdisplayName = {title};

\ticon = {icon};

\tdocumentationUrl = {documentation};

\tproperties = {properties};

\tasync authenticate(credentials, request) {{
\t\tjoinUrl(credentials.url, '');
\t\t// Other nodes may take the credential for requests of their own.
\t\tconst url = request.url ?? request.uri;
\t\tconst asked = /^([a-z][a-z\\d+.-]*:)?\\/\\//i.test(url) ? url : `${{request.baseURL ?? ''}}${{url}}`;
\t\tif (!isBelow(asked, credentials.url)) {{
\t\t\tthrow new Error('This credential is for its Runner URL alone: its key goes to no other address.');
\t\t}}
\t\t// n8n keeps a saved key when somebody edits the URL; one that says where it belongs goes nowhere else.
\t\tconst [, home, key] = /^(?:(https?:\\/\\/\\S+)\\s+)?(.*)$/is.exec((credentials.apiKey ?? '').trim());
\t\tif (home && !isBelow(asked, home)) {{
\t\t\tthrow new Error('The API key belongs to another address than the Runner URL: enter the key of this runner.');
\t\t}}
\t\tconst headers = {{ ...request.headers }};
\t\tif (key) headers.Authorization = `Bearer ${{key}}`;
\t\treturn {{ ...request, headers }};
\t}}

\ttest = {{
\t\trequest: {{
\t\t\tbaseURL: "={{{{$credentials.url.replace(/\\\\/+$/, '')}}}}",
\t\t\turl: '/blocks',
\t\t\tdisableFollowRedirect: true,
\t\t}},
\t\trules: [
\t\t\t{{
\t\t\t\ttype: 'responseSuccessBody',
\t\t\t\tproperties: {{
\t\t\t\t\tkey: 'blocks',
\t\t\t\t\tvalue: undefined,
\t\t\t\t\tmessage: 'What answered is no runner, for it lists no blocks. Check the URL',
\t\t\t\t}},
\t\t\t}},
\t\t],
\t}};
}}

module.exports = {{ {name} }};
"""

_MAIN: Final = "\ue001"
_KEY: Final = re.compile(r'^(\t*)"([A-Za-z_$][\w$]*)": ', re.MULTILINE)


def build_node(manifest: Manifest, names: Names, forms: Forms) -> str:
    """The node's class."""
    own = {
        "group": ["transform"],
        "subtitle": '={{$parameter["operation"]}}',
        "usableAsTool": True,
        "inputs": [_MAIN],
    }
    description = _describe(manifest, names, (names.title, names.node), own, forms.parameters)
    icon = _to_literal(tell_node_icon(manifest, names), 0)
    return _NODE.format(name=names.node_class, description=description, icon=icon)


def build_trigger(manifest: Manifest, names: Names, forms: TriggerForms) -> str:
    """The trigger node's class."""
    own = {"group": ["trigger"], "subtitle": '={{$parameter["event"]}}', "polling": True, "inputs": []}
    description = _describe(manifest, names, (names.trigger_title, names.trigger), own, forms.parameters)
    icon = _to_literal(tell_trigger_icon(manifest, names), 0)
    return _TRIGGER.format(name=names.trigger_class, description=description, icon=icon)


def _describe(
    manifest: Manifest, names: Names, called: tuple[str, str], own: dict[str, Any], parameters: list[Parameter]
) -> str:
    """A node's description as a literal; `called` are its title and its name."""
    title, name = called
    description = {
        "displayName": title,
        "name": name,
        "icon": take("icon"),
        "group": own["group"],
        "version": 1,
        "subtitle": own["subtitle"],
        "description": to_hint(manifest.package["description"]),
        "defaults": {"name": title},
        **own,
        "outputs": [_MAIN],
        "credentials": [{"name": names.credential, "required": True}],
        "properties": parameters,
    }
    return write_taken(_to_literal(description, 1)).replace(f'"{_MAIN}"', "NodeConnectionTypes.Main")


def build_credential(manifest: Manifest, names: Names) -> str:
    """The credential's class: where the runner is, its API key, and the connection to act for."""
    source = names.source and f'<a href="{names.source}" target="_blank">{names.source}</a>'
    properties = [
        {
            "displayName": f"The runner is the program {manifest.command}, {tell_origin(source)}",
            "name": "origin",
            "type": "notice",
            "default": "",
        },
        {
            "displayName": "Runner URL",
            "name": "url",
            "type": "string",
            "default": RUNNER_URL,
            "required": True,
            "placeholder": f"e.g. {RUNNER_URL}",
            "description": f'Where "{manifest.command} serve" listens, as seen from n8n',
        },
        {
            "displayName": "API Key",
            "name": "apiKey",
            "type": "string",
            "typeOptions": {"password": True},
            "default": "",
            "description": "A key of the runner's, none where it asks for none; with the URL and a space before it, "
            "it goes there alone, whatever the Runner URL says later",
        },
        {
            "displayName": "Connection",
            "name": "connection",
            "type": "string",
            "default": "",
            "description": "The runner's name for whose account the blocks act on; the runner's own choice without it",
        },
    ]
    return _CREDENTIAL.format(
        name=names.credential_class,
        credential=json.dumps(names.credential),
        title=json.dumps(f"{names.title} API"),
        icon=_to_literal(tell_icon(names), 1),
        documentation=json.dumps(names.documentation),
        properties=_to_literal(properties, 1),
    )


def _to_literal(value: Any, depth: int) -> str:
    """`value` as a JavaScript literal, `depth` steps in from the left. The linter sees names without quotes only."""
    text = _KEY.sub(r"\1\2: ", json.dumps(value, indent="\t", ensure_ascii=False))
    return text.replace("\n", "\n" + "\t" * depth)
