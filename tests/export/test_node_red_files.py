"""Bytes of a file in a Node-RED message: sent as base64, a text's with a word that it is that."""

import json
import subprocess

from connector.export import load_exporter
from connector.export.node_red.fields import build_field
from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()
SCRIPT = """
const { readArgs } = require('./values.js');
const [msg, fields] = JSON.parse(process.argv[1]);
for (const name of Object.keys(msg.args)) msg.args[name] = Buffer.from(msg.args[name]);
readArgs({}, {}, {}, msg, fields).then((args) => process.stdout.write(JSON.stringify(args)));
"""


def build(block, name):
    field = MANIFEST.block(block).fields[name]
    return build_field(field, is_first=True, is_lent=False, keeps_places=False, not_sent=None)


def test_bytes_are_sent_as_the_field_takes_them(node, tmp_path):
    load_exporter("node-red")(MANIFEST, tmp_path)
    [values] = tmp_path.rglob("values.js")
    fields = [build("importPlaylist", "file"), build("uploadPlaylistCover", "image")]
    message = {"args": {"file": "a\n", "image": "a\n"}}
    command = [node, "-e", SCRIPT, json.dumps([message, fields])]
    done = subprocess.run(command, cwd=values.parent, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"file": "data:;base64,YQo=", "image": "YQo="}
