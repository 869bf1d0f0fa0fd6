"""Each slip that a maker of blocks can make is found: alone, with its line and its block."""

import difflib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from connector.lint import Finding, check_manifest

ROOT = Path(__file__).parents[2]
HARBOUR = ROOT / "tests" / "harbour"
SCHEMA = json.loads((ROOT / "schemas" / "manifest.schema.json").read_text("utf-8"))
FIELDS, OBJECTS = "schemas/fields.json", "schemas/objects.json"


@dataclass(frozen=True)
class Slip:
    """`before` becomes `after` in a file of the sound second manifest; `message` is all that is found.

    It is found on the manifest's line that holds `at`, or on the first line that changed.
    """

    before: str
    after: str
    message: str
    block: str | None = None
    at: str | None = None
    file: str = "manifest.yaml"


EFFECT = "    effect: write\n"
BODY = "        body: [crew]\n"
PLACE = "        place: {$ref"
SIGN_IN = """    sign_in:
      authorize: office:/agree
      token: office:/token
      client: {id: api_key, secret: api_key}
"""
POLLING = """polling:
  also_last: {$ref: "schemas/fields.json#/$defs/Few"}
  max_events: {$ref: "schemas/fields.json#/$defs/Few"}
  thorough: {$ref: "schemas/fields.json#/$defs/Again"}
"""
SLIPS = {
    "code of an error that stands nowhere": Slip(
        "  code: [cause.word, word]\n",
        "",
        "is looked for nowhere: errors.code lists no place for it",
        at="code: BERTH_TAKEN",
    ),
    "error of a request that nobody sends": Slip(
        "requests: [POST /lock]", "requests: [POST /locks]", "no route is called POST /locks", at="POST /locks"
    ),
    "group that has no look": Slip(
        "    group: Customs", "    group: Custom", "there is no group Custom", "readTariffs"
    ),
    "group of no block": Slip(
        "  Customs: {icon",
        '  Pilots: {icon: M1, colour: "#000000"}\n  Customs: {icon',
        "no block is in the group Pilots",
    ),
    "icon that draws more than lines": Slip("M5 3v18h14V3", 'M5 3\\"/><script>', "does not fit. Path data of an SVG"),
    "colour by name": Slip('"#74a0dc"', "blue", "'blue' does not fit. One that dark text"),
    "essential that isn't there": Slip(
        "[listBerths, bookBerth,", "[listBerths, bookBirth,", "there is no block bookBirth", at="  essentials:"
    ),
    "verified block that isn't there": Slip(
        "  works: [listBookings]", "  works: [listBooking]", "there is no block listBooking", at="works: [listBooking]"
    ),
    "verified with a field that isn't there": Slip(
        "with: {again: false}", "with: {anew: false}", "bookBerth has no field anew", at="with: {anew"
    ),
    "verified with what doesn't fit": Slip(
        "with: {again: false}", "with: {again: [1]}", "does not fit again of bookBerth", at="with: {again"
    ),
    "what is made and can't be removed": Slip(
        "  removes: leaveBerth",
        "  removes: readLog",
        "no field of readLog that must be given refers to what was made",
        at="removes: readLog",
    ),
    "brief of what isn't there": Slip(
        '"boats[].name"]',
        '"boats.name"]',
        "x-brief of Berth names boats.name, which it hasn't",
        "listBerths",
        at="    output: {$ref",
        file=OBJECTS,
    ),
    # The shape: what the manifest's schema says.
    "unknown word": Slip(
        EFFECT, EFFECT + "    efect: write\n", "efect means nothing here; did you mean effect?", "bookBerth"
    ),
    "unknown word beside a reference": Slip(
        'BoatSize"}', 'BoatSize", tilte: Size}', "tilte means nothing here; did you mean title?", "listBerths"
    ),
    "unknown word at the top": Slip("batch_sizes:", "batchsizes: {}\nbatch_sizes:", "batchsizes means nothing here"),
    "no such method": Slip("GET /boats/in", "FETCH /boats/in", "'FETCH /boats/in' does not fit. METHOD", "checkBoats"),
    "bad braces": Slip("/berths/{berth}/b", "/berths/{berth/b", "does not fit. METHOD", "bookBerth"),
    "constant without a value": Slip("/log?kind=all", "/log?kind", "does not fit. METHOD", "readLog"),
    "block name in capitals": Slip("  readLog:", "  ReadLog:", "the name ReadLog does not match", "ReadLog"),
    "no such effect": Slip("effect: write", "effect: change", "'change' is not one of", "bookBerth"),
    "no such page style": Slip("style: cursor", "style: pages", "paging has no names for the style pages", "readLog"),
    "no such day": Slip("closed 2026-01-31", "closed 2026-31-01", "does not fit. Whether an app", "leaveBerth"),
    "no such quota mode": Slip("{development: c", "{trial: c", "trial means nothing here", "leaveBerth"),
    "no title": Slip("    title: Read the log\n", "", "'title' is a required property", "readLog", at="  readLog:"),
    "option of another type": Slip(
        "    value: api_key\n",
        "    value: api_key\n    token: api_key\n",
        "token means nothing beside",
        at="    token: api_key",
    ),
    "option left out": Slip("    name: X-Api-Key\n", "", "'name' is a required property", at="  key:\n"),
    "batch of none": Slip("{boats: 3}", "{boats: 0}", "0 is less than the minimum of 1"),
    "unknown error kind": Slip("kind: forbidden", "kind: verboten", "'verboten' is not one of"),
    # References, in the manifest and in the files that it leads to.
    "dangling field": Slip("$defs/Boats", "$defs/Ships", "leads nowhere: schemas/fields.json has no", "checkBoats"),
    "dangling output": Slip("objects.json#/$defs/Log", "objects.json#/$defs/Diary", "leads nowhere", "readLog"),
    "dangling field of an authentication": Slip("$defs/ApiKey", "$defs/Key", "leads nowhere"),
    "dangling most entries": Slip("$defs/MaxItems", "$defs/Max", "leads nowhere"),
    "missing schema file": Slip(
        "objects.json#/$defs/Log", "gone.json#/$defs/Log", "gone.json can't be read", "readLog"
    ),
    "dangling inside a field": Slip(
        '"items": {"$ref": "#/$defs/BoatName"}',
        '"items": {"$ref": "#/$defs/ShipName"}',
        "#/$defs/ShipName leads nowhere",
        "checkBoats",
        at="        boats: {$ref",
        file=FIELDS,
    ),
    "dangling inside an output": Slip(
        '{"$ref": "#/$defs/Mark"}',
        '{"$ref": "#/$defs/Sign"}',
        "#/$defs/Sign leads nowhere",
        "readLog",
        at="$defs/Log",
        file=OBJECTS,
    ),
    "field that leads to itself": Slip(
        '"YesNo": {',
        '"YesNo": {"$ref": "#/$defs/YesNo", ',
        "leads back to itself",
        "leaveBerth",
        at="        refund: {$ref",
        file=FIELDS,
    ),
    "reference that is no text": Slip(
        '"YesNo": {',
        '"YesNo": {"$ref": 7, ',
        "has no valid schema",
        "leaveBerth",
        at="        refund: {$ref",
        file=FIELDS,
    ),
    # What is declared, and what is sent.
    "declared, not sent": Slip(
        ", {'on': day}", "", "day is declared and sent by no route", "listBerths", at="        day:"
    ),
    "counted, not sent": Slip(
        "{class: size}, {'on': day}]\n        page",
        "{class: size}]\n        page",
        "day is declared and sent by no route",
        "listBerths",
        at="        day:",
    ),
    "query, not declared": Slip(
        "[{names: boats}]", "[{names: boats}, flag]", "flag is used and not declared", "checkBoats"
    ),
    "prefixed, not declared": Slip("field: boat,", "field: ship,", "ship is used and not declared", "leaveBerth"),
    "body, not declared": Slip(
        BODY,
        "        body:\n          - crew\n          - cargo\n",
        "cargo is used and not",
        "bookBerth",
        at="          - cargo",
    ),
    "form, not declared": Slip(
        "        query: [refund]",
        "        query: [refund]\n        form: [why]",
        "why is used and not",
        "leaveBerth",
        at="form: [why]",
    ),
    "path, not declared": Slip(
        "/boats/{boat}/m", "/boats/{boat}/{ship}/m", "ship is used and not declared", "leaveBerth"
    ),
    "except, not declared": Slip("except: {refund", "except: {rebate", "rebate is used and not declared", "leaveBerth"),
    "batch, not declared": Slip("batch: {boats:", "batch: {ships:", "ships is used and not declared", "checkBoats"),
    "required, not declared": Slip("[place]", "[place, quay]", "quay is required and not declared", "listBerths"),
    "together, not declared": Slip(
        EFFECT,
        EFFECT + "    together: {fields: [crew, mates], at_most: 2}\n",
        "mates is counted and not declared",
        "bookBerth",
        at="    together:",
    ),
    "declared twice": Slip(
        PLACE,
        '        api_key: {$ref: "schemas/fields.json#/$defs/ApiKey"}\n' + PLACE,
        "api_key is a field that the block has already",
        "listBerths",
    ),
    "most entries declared twice": Slip(
        PLACE,
        '        max_items: {$ref: "schemas/fields.json#/$defs/MaxItems"}\n' + PLACE,
        "max_items is a field that the block has already",
        "listBerths",
    ),
    "not sent, but sent": Slip(
        EFFECT, EFFECT + "    not_sent: {crew: No.}\n", "crew is sent all the same", "bookBerth", at="    not_sent:"
    ),
    "not sent, unknown": Slip(
        EFFECT, EFFECT + "    not_sent: {cargo: No.}\n", "cargo is not declared", "bookBerth", at="    not_sent:"
    ),
    "path variable optional": Slip(
        "required: [berth, crew]", "required: [crew]", "berth stands in the path", "bookBerth", at="/berths/{berth}"
    ),
    "value of except": Slip(
        "except: {refund: false}", "except: {refund: never}", "the value of refund does not fit", "leaveBerth"
    ),
    "split, not sent": Slip(
        "        batch: {boats: boats}\n",
        "        batch: {boats: boats}\n      - request: GET /boats/all\n        batch: {boats: 3}\n",
        "boats is split and not sent",
        "checkBoats",
        at="batch: {boats: 3}",
    ),
    "split, no list": Slip(
        "        query: [refund]",
        "        query: [refund]\n        batch: {boat: 2}",
        "boat is split and is no list",
        "leaveBerth",
        at="batch: {boat: 2}",
    ),
    "dotted name in a query": Slip(
        "query: [{names: boats}]",
        "query: [{boat.names: boats}]",
        "in a JSON body only",
        "checkBoats",
        at="- request: GET /boats/in",
    ),
    "each of no list": Slip(
        "{boats: {field: boats, each: name}}, {at.place: place}",
        "{boats: boats}, {at.place: {field: place, each: name}}",
        "place is no list",
        "queueBoats",
    ),
    "position that is not declared": Slip(
        "advance: place", "advance: rank", "rank is used and not declared", "queueBoats"
    ),
    "one request for each of nothing": Slip(
        "        each: boats\n", "", "each and collect go together", "readBoats", at="        collect: fleet"
    ),
    "choice that must be given": Slip(
        "      required: [mast]\n",
        "      required: [mast, signal]\n",
        "signal must be given always",
        "raiseSignal",
        at="[[signal]",
    ),
    "choice that is not declared": Slip(
        "[[signal], [drawing]]", "[[signal], [flag]]", "flag is one of a group", "raiseSignal"
    ),
    "content and body": Slip(
        "        body: [boats]\n",
        "        body: [boats]\n        content: {field: boats, type: text/plain}\n",
        "leave out body or content",
        "replaceQueue",
    ),
    "form and body": Slip(BODY, BODY + "        form: [crew]\n", "leave out form or body", "bookBerth", at=BODY),
    # Routes of one block, and its answer.
    "paged and not": Slip(
        "        page: {style: cursor, size: 2}\n",
        "        page: {style: cursor, size: 2}\n      - request: GET /journal\n",
        "is not paged in the way of the first route",
        "readLog",
        at="GET /journal",
    ),
    "paged in two ways": Slip(
        "        page: {style: cursor, size: 2}\n",
        "        page: {style: cursor, size: 2}\n"
        "      - request: GET /journal\n        page: {style: cursor, at: mark, size: 2}\n",
        "is not paged in the way of the first route",
        "readLog",
        at="at: mark",
    ),
    "no page there": Slip("size: 4}", "size: 4, at: berths}", "the output schema has nothing at berths", "listBerths"),
    "no entries there": Slip(
        '"Log": {"type": "object", "required": ["rows"], "properties": {"rows"',
        '"Log": {"type": "object", "properties": {"row"',
        "the output schema has no rows",
        "readLog",
        at="style: cursor",
        file=OBJECTS,
    ),
    "no total there": Slip(
        '"count"', '"sum"', "the output schema has no count", "listBerths", at="style: offset", file=OBJECTS
    ),
    "no next there": Slip(
        '{"type": "integer"}, "more"',
        '{"type": "integer"}, "next"',
        "the output schema has no more",
        "listBerths",
        at="style: offset",
        file=OBJECTS,
    ),
    "no cursor there": Slip(
        "cursor: mark.last}",
        "cursor: mark.next}",
        "the output schema has no mark.next",
        "readLog",
        at="style: cursor",
    ),
    "no names for a style": Slip(
        "  cursor: {size: per, after: since, items: rows, next: more, cursor: mark.last}\n",
        "",
        "no names for the style cursor",
        "readLog",
        at="style: cursor",
    ),
    "output is no schema": Slip(
        '"Nothing": {"type": "object"',
        '"Nothing": {"type": "thing"',
        "is no valid schema",
        "leaveBerth",
        at="$defs/Nothing",
        file=OBJECTS,
    ),
    "closed without a substitute": Slip(
        "?kind=all",
        "?kind=all\n        quota: {development: closed 2026-01-01}",
        "doesn't say what to use instead",
        "readLog",
        at="  readLog:",
    ),
    "substitute by a server that isn't there": Slip(
        '  pilots: {url: "https://pilots.harbour.example", title: Pilots}\n',
        "",
        "there is no server pilots",
        "measureBoats",
        at="request: GET pilots:/measures",
    ),
    "substitute without need": Slip(
        EFFECT, EFFECT + "    instead: Row.\n", "open to development mode", "bookBerth", at="    instead:"
    ),
    "paged and split": Slip(
        'Answers"}\n    routes:\n      - request: GET /boats/in\n',
        'Berths"}\n    routes:\n      - request: GET /boats/in\n        page: {style: offset, size: 4}\n',
        "leave out page or batch",
        "checkBoats",
        at="        batch: {boats: boats}",
    ),
    "falls back on nothing": Slip(
        BODY, BODY + "        falls_back_on: [400]\n", "nothing follows it", "bookBerth", at="        falls_back_on:"
    ),
    "twins without pages": Slip(
        EFFECT, EFFECT + "    twins: [berth, place]\n", "this one isn't paged", "bookBerth", at="    twins:"
    ),
    "compared with an unknown field": Slip(
        "match: {name: boat}", "match: {name: ship}", "ship is compared and not declared", "measureBoat"
    ),
    # What the user must have granted.
    "unknown scope of several": Slip(
        "{any_of: [moor, steer]}", "{any_of: [moor, row]}", "the scope row is not", "queueBoats"
    ),
    "scope for an unknown field": Slip(
        "except: {signal: gale}", "except: {horn: gale}", "horn decides on a scope and is not declared", "raiseSignal"
    ),
    "scope for a value that can't be": Slip(
        "when: {target: {kinds: [boat]}}", "when: {after: soon}", "the value of after does not fit", "raiseSignal"
    ),
    "scope for an unknown kind": Slip("kinds: [boat]", "kinds: [ship]", "target refers to no ship", "raiseSignal"),
    "scope for the kind of what has none": Slip(
        "signal: gale", "mast: {kinds: [boat]}", "mast is not sent as a URI", "raiseSignal"
    ),
    "scope and scopes": Slip("{scope: hail,", "{scope: hail, any_of: [hail, moor],", "", "raiseSignal"),
    # How a user signs in.
    "sign-in without a bearer token": Slip(
        "    value: api_key\n",
        "    value: api_key\n" + SIGN_IN,
        "sign_in means nothing beside",
        at="    sign_in:",
    ),
    "sign-in at an unknown server": Slip(
        "authorize: customs:",
        "authorize: quay:",
        "there is no server quay",
        at="      authorize:",
    ),
    "sign-in of an unknown client": Slip(
        "secret: api_key",
        "secret: pin",
        "pin is no field of an authentication",
        at="      client:",
    ),
    "sign-in whose user an unknown block reads": Slip(
        "      client: {id: api_key, secret: api_key}\n",
        "      client: {id: api_key, secret: api_key}\n      user: {block: readCaptain, names: [name]}\n",
        "there is no block readCaptain",
        at="      user:",
    ),
    "path of a user's own to which no route leads": Slip(
        "user_paths: [/mine]",
        "user_paths: [/mine, /min]",
        "no route leads to /min",
        at="      app: {",
    ),
    "dangling place to go on": Slip("$defs/Resume", "$defs/Onward", "leads nowhere"),
    # Names.
    "alias of another block": Slip(
        "aliases: [berths]", "aliases: [berths, readLog]", "readLog is also what readLog answers to", "listBerths"
    ),
    "alias of its own block": Slip(
        "aliases: [berths]",
        "aliases: [berths, listberths]",
        "listberths is also what listBerths answers to",
        "listBerths",
    ),
    "alias in other capitals": Slip(
        "    title: Read the log\n",
        "    aliases: [bErths]\n    title: Read the log\n",
        "bErths is also what listBerths",
        "readLog",
    ),
    "name in other capitals": Slip("  checkBoats:", "  readlog:", "readlog is also what readLog answers to", "readlog"),
    "unknown server": Slip("GET /boats/in", "GET quay:/boats/in", "there is no server quay", "checkBoats"),
    "unknown server of a second route": Slip(
        "DELETE /boats/", "DELETE quay:/boats/", "there is no server quay", "leaveBerth"
    ),
    "unknown batch size": Slip(
        "        batch: {boats: boats}\n",
        "        batch: {boats: boats}\n"
        "      - request: GET /boats/all\n        query: [boats]\n        batch: {boats: ships}\n",
        "there is no batch size ships",
        "checkBoats",
        at="{boats: ships}",
    ),
    "unknown scope": Slip("scopes: [moor]", "scopes: [moor, sail]", "the scope sail is not described", "bookBerth"),
    "unknown credential": Slip(
        "credentials: [api_key]", "credentials: [api_key, pin]", "pin is no field of an authentication"
    ),
    "option of nothing": Slip(
        "    fields:\n",
        '    fields:\n      pin: {$ref: "schemas/fields.json#/$defs/ApiKey"}\n',
        "pin is declared and sent nowhere",
        at="      pin:",
    ),
    "undeclared option": Slip(
        "    type: header\n    name: X-Api-Key\n    value: api_key\n",
        "    type: basic\n    username: api_key\n    password: pin\n",
        "pin is used and not declared",
        at="    password: pin",
    ),
    "unused authentication": Slip(
        "\nauth:\n",
        '\nauth:\n  pin: {type: bearer, token: pin, fields: {pin: {$ref: "schemas/fields.json#/$defs/ApiKey"}}}\n',
        "no server uses the authentication pin",
        at="  pin:",
    ),
    "unused scope": Slip("scopes:\n", "scopes:\n  sail: Put to sea\n", "no block needs the scope sail", at="  sail:"),
    "unused batch size": Slip("{boats: 3}", "{boats: 3, ships: 2}", "no route uses the batch size ships"),
    "unused server": Slip(
        "\nauth:", "  quay: {url: 'https://quay.example'}\n\nauth:", "no block uses the server quay", at="  quay:"
    ),
    "unused references": Slip(
        '"x-reference": "boat", "pattern": "^[A-Za-z ]+$", "examples": ["harbour:boat:Ejder"]},\n'
        '    "Target": {"x-reference": ["boat", "berth"], "x-as": "uri"',
        '"pattern": "^[A-Za-z: ]+$", "examples": ["harbour:boat:Ejder"]},\n    "Target": {"minLength": 1',
        "no field has an x-reference",
        at="references:",
        file=FIELDS,
    ),
    "reference of an unknown kind": Slip(
        '"BerthId": {',
        '"BerthId": {"x-reference": "Berth", ',
        "no pattern under references knows the kind Berth",
        "bookBerth",
        at="        berth: {$ref",
        file=FIELDS,
    ),
    "a long list of choices that others can't refer to": Slip(
        'size: {$ref: "schemas/fields.json#/$defs/BoatSize"}',
        f'size: {{$ref: "schemas/fields.json#/$defs/BoatSize", enum: {["small", "large", *map(str, range(29))]}}}',
        "size lists its choices here: name the list in a schema file, and every output has it once",
        "listBerths",
    ),
    "done by a block that reads": Slip(
        "    title: List berths\n",
        '    title: List berths\n    done: "Listed them"\n',
        "says what was done, and the block only reads",
        "listBerths",
    ),
    "a field that isn't there told as done": Slip(
        "Raised the signal[", "Raised {flag}[", "flag is told and not declared", "raiseSignal", at='done: "Raised'
    ),
    "a field that need not be given told as done": Slip(
        "Raised the signal[ {signal}]",
        "Raised {signal}",
        "signal need not be given; what tells of it stands in []",
        "raiseSignal",
        at='done: "Raised',
    ),
    "a secret told as done": Slip(
        "Raised the signal[", "Raised {api_key}[", "api_key is secret", "raiseSignal", at='done: "Raised'
    ),
    "a list told as if it were one": Slip(
        "{boats|boat|boats}",
        "{boats}",
        "boats is told as {boats|one|many} where it is a list",
        "queueBoats",
        at='done: "Queued',
    ),
    "what is used again told with a field that isn't there": Slip(
        'Found a booking"',
        'Found {booking}"',
        "booking is told and not declared",
        "bookBerth",
        at="      done:",
    ),
    "triggers without the fields of all": Slip(POLLING, "", "'polling' is a dependency of 'triggers'", at="package:"),
    "a trigger on a block that isn't there": Slip(
        "watches: listBookings", "watches: listBooking", "There is no block 'listBooking'"
    ),
    "a trigger on a block that writes": Slip(
        "watches: listBookings", "watches: bookBerth", "bookBerth writes, and a trigger only reads"
    ),
    "a trigger without a field that its block doesn't have": Slip(
        "    watches: listBookings",
        "    watches: listBookings\n    without: [boat]",
        "boat is no field of listBookings that may be left out",
        at="    without: [boat]",
    ),
    "a trigger on a block without a list": Slip(
        "watches: listBookings", "watches: readTower", "readTower gives no list"
    ),
    "a way without a word that it needs": Slip(
        "    time: made\n", "", "newest_first needs time", at="    way: newest_first"
    ),
    "a word that says nothing to a way": Slip(
        "    time: made\n", "    time: made\n    end: head\n", "says nothing to newest_first"
    ),
    "what is gone without what to tell of it": Slip(
        '    key: "[berth]"\n', '    key: "[berth]"\n    tells: gone\n', "tells what is gone and keeps nothing of it"
    ),
    "a look at a block that isn't there": Slip(
        '    key: "[berth]"\n',
        '    key: "[berth]"\n    look: {block: readTowers, at: keeper}\n',
        "There is no block 'readTowers'",
    ),
    "a key that is no expression": Slip('key: "[booking]"', 'key: "[booking"', "is no JMESPath expression"),
    "a value that is no expression": Slip(
        "{keeper: keeper.name}", "{keeper: keeper..name}", "is no JMESPath expression"
    ),
    "a connection watched in another way": Slip(
        "    way: value\n    values: {calls: calls_left}\n    below: [2, 0]\n",
        '    way: overlap\n    key: "[name]"\n',
        "sees nothing in a connection",
    ),
    "a block of the name by which connections are watched": Slip(
        "  readTariffs:\n",
        "  connection:\n",
        "has the name by which triggers watch connections",
        "connection",
    ),
    "a trigger of a block's name": Slip(
        "  berthFreed:", "  listBerths:", "has the name of a block", at="  listBerths:\n    title: A berth"
    ),
    "choices of no block": Slip(
        '"block": "listMasts", "value": "letter"',
        '"block": "listMast", "value": "letter"',
        "x-choices of mast: There is no block 'listMast'",
        "hoistFlag",
        at="        mast: {$ref",
        file=FIELDS,
    ),
    "choices without a value where the list has it": Slip(
        '"block": "listMasts", "value": "letter"',
        '"block": "listMasts", "value": "letters"',
        "x-choices of mast: what listMasts lists has no letters",
        "hoistFlag",
        at="        mast: {$ref",
        file=FIELDS,
    ),
    "choices in words that mean nothing": Slip(
        '"value": "letter", "label"',
        '"values": "letter", "label"',
        "x-choices of mast: has not the right form",
        "hoistFlag",
        at="        mast: {$ref",
        file=FIELDS,
    ),
    "choices of a block that is closed": Slip(
        # What is made of it alone is closed with it.
        "      - request: GET /masts\n\n  findMast:\n",
        "      - {request: GET /masts, quota: {development: closed 2026-01-31}}\n    instead: Look.\n\n"
        "  findMast:\n    instead: Look.\n",
        "x-choices of mast: listMasts is closed to apps in development mode",
        "hoistFlag",
        at="        mast: {$ref",
    ),
    "choices of a block that lists nothing": Slip(
        "    list: office.masts\n",
        "",
        "listMasts lists nothing by itself",
        "hoistFlag",
        at="        mast: {$ref",
    ),
    "choices by a field that isn't there": Slip(
        '"by": {"letter": "mast"}',
        '"by": {"letter": "pole"}',
        "pole is used and not declared",
        "hoistFlag",
        at="        height: {$ref",
        file=FIELDS,
    ),
    "reuse of no block": Slip(
        "block: listBookings", "block: listBooking", "There is no block 'listBooking'", "bookBerth"
    ),
    "reuse by a field that isn't there": Slip(
        "match: {place.berth: berth",
        "match: {place.berth: pier",
        "pier is used and not declared",
        "bookBerth",
        at="    reuse:",
    ),
    "read first by a block that writes": Slip(
        "readTower, with: {tower: tower}", "leaveBerth", "leaveBerth writes, or has other blocks", "findKeeper"
    ),
    "read first with no field": Slip("{tower: tower}", "{mast: tower}", "mast is no field of readTower", "findKeeper"),
    "several kinds without a URI": Slip(
        '"x-as": "uri", ',
        "",
        "an id alone doesn't say which",
        "raiseSignal",
        at="        target: {$ref",
        file=FIELDS,
    ),
    "no way to write a URI": Slip(
        'uri: "harbour:{kind}:{id}"\n', "", "the manifest has no uri", "raiseSignal", at="        target: {$ref"
    ),
    "broken pattern": Slip("(?P<id>.+)", "(?P<id.+)", "is no regular expression"),
    "pattern that some links keep busy": Slip("(?P<id>.+)", "(?P<id>(.+)+)", "takes ages over some texts"),
    "pattern that some texts keep busy": Slip(
        '"^[A-Z]$"', '"^([A-Z]+,?)*$"', "takes ages over some texts", "raiseSignal", at='$defs/Mast"}', file=FIELDS
    ),
    "pattern that JavaScript reads otherwise": Slip(
        '"^[A-Z]$"', r'"^\\w$"', r"holds \w, which JavaScript", "raiseSignal", at='$defs/Mast"}', file=FIELDS
    ),
    "pattern without a kind": Slip("(?P<kind>[a-z]+)", "([a-z]+)", "has no groups called kind and id"),
    # Fields.
    **{
        f"no {word} of a field": Slip(text, "", f"size has no {word}", "listBerths", at="        size:", file=FIELDS)
        for word, text in {
            "title": '"title": "Size", ',
            "description": '"description": "How long the boat is.", ',
            "examples": ', "examples": ["small"]',
            "type": '"type": "string", "x-field": "Select", ',
            "x-field": '"x-field": "Select", ',
        }.items()
    },
    "no such field type": Slip(
        '"x-field": "Datepicker"',
        '"x-field": "Calendar"',
        "x-field Calendar is none of",
        "listBerths",
        at="        day:",
        file=FIELDS,
    ),
    "example that does not fit": Slip(
        '"examples": ["small"]',
        '"examples": ["huge"]',
        "an example of size does not fit",
        "listBerths",
        at="        size:",
        file=FIELDS,
    ),
    "second example that does not fit": Slip(
        '"examples": ["small"]',
        '"examples": ["small", "huge"]',
        "an example of size does not fit",
        "listBerths",
        at="        size:",
        file=FIELDS,
    ),
    "example without a normal form": Slip(
        "57.70, 11.97", "97.70, 11.97", "has a latitude outside -90 to 90", "listBerths", at=PLACE, file=FIELDS
    ),
    "default that does not fit": Slip(
        '"default": "small"',
        '"default": "huge"',
        "the default of size does not fit",
        "listBerths",
        at="        size:",
        file=FIELDS,
    ),
    "default read as a truth": Slip(
        'BoatSize"}', 'BoatSize", default: true}', "the default of size does not fit", "listBerths"
    ),
    "broken pattern of a field": Slip(
        '"^[\\\\x21-\\\\x7E]+$"', '"^["', "is not a 'regex'", at="      api_key: {$ref", file=FIELDS
    ),
    "entries without a type": Slip(
        '"items": {"$ref": "#/$defs/BoatName"}',
        '"items": {}',
        "can't be read: its schema",
        "checkBoats",
        at="        boats: {$ref",
        file=FIELDS,
    ),
    # Names and texts that would not stay where they are put.
    "line end after a title": Slip(
        "    title: Read the log\n",
        '    title: "Read the log\\n"\n',
        "ends with a line end; write >- in place of",
        "readLog",
    ),
    "line end in a description": Slip(
        "List the berths near a place.", '"near\\na place"', "holds a line end or another sign", "listBerths"
    ),
    "mark of direction": Slip(
        "title: Refund", 'title: "Re\\u202Efund"', "holds a line end or another sign", "leaveBerth"
    ),
    "line end in a name": Slip(
        "  readLog:", '  "readLog\\n":', "has a name with a line end", "readLog\n", at='  "readLog'
    ),
    "end of a script": Slip(
        "Read the harbour log from its start.", "</script><b>", "does not fit. A sentence", "readLog"
    ),
    "markup in a field": Slip("title: Refund", "title: <b>Refund", "does not fit. A sentence", "leaveBerth"),
    "markup in a field's schema": Slip(
        '"title": "At most"',
        '"title": "<script>"',
        "the title of max_items holds markup",
        at="  max_items:",
        file=FIELDS,
    ),
    "group that leads elsewhere": Slip("group: Boats", "group: ../Boats", "does not fit. The heading", "checkBoats"),
    "command of two words": Slip("  domain:", "  command: rm -rf\n  domain:", "does not fit. What people call"),
    "package that leads elsewhere": Slip("name: Harbour\n", "name: ../Harbour\n", "does not fit. The package's name"),
    "address with a quote": Slip('repo: ""', "repo: https://a'b", "does not fit. Where the source"),
    "icon with markup": Slip('image: ""', "image: data:image/svg+xml,<svg>", "does not fit. Address of an icon"),
    "scope with a quote": Slip("  moor: Book", '  "mo\'or": Book', "the name mo'or does not match", at="mo'or"),
    "name that JavaScript has": Slip(
        "  readLog:", "  constructor:", "the name constructor does not match", "constructor"
    ),
    "field that JavaScript has": Slip(
        "        refund: {", "        __proto__: {", "the name __proto__ does not match", "leaveBerth"
    ),
    # YAML.
    "comment in prose": Slip("near a place.", "near #1 place.", "the text ends at ' #'", "listBerths"),
    "comment in a reason": Slip("  moor: Book berths", "  moor: Book # berths", "the text ends at ' #'"),
    "colon in prose": Slip("near a place.", "near: a place.", "must stand in quotes", None),
    "colon in prose between braces": Slip("title: Refund,", "title: Refund: yes,", "must stand in quotes", None),
    "comma in prose between braces": Slip(
        "title: Refund,", "title: Refund, please,", "has no value; in braces, text that holds a comma", "leaveBerth"
    ),
    "yes": Slip("title: Read the log", "title: yes", "yes is read as true or false; put it in quotes", "readLog"),
    "true": Slip("title: Read the log", "title: true", "true is read as true or false; put it in quotes", "readLog"),
    "number": Slip("title: Read the log", "title: 7", "7 is read as a number; put it in quotes", "readLog"),
    "octal number": Slip("size: 4}", "size: 010}", "010 is read as a number", "listBerths"),
    "date": Slip("title: Read the log", "title: 2026-03-09", "2026-03-09 is read as a date", "readLog"),
    "day that does not exist": Slip(
        "title: Read the log", "title: 2026-13-45", "2026-13-45 is read as a date", "readLog"
    ),
    "nothing": Slip("title: Read the log", "title:", "has no value", "readLog"),
    "Norway as a constant": Slip(
        "[{names: boats}]", "[{names: boats}, {flag: {value: NO}}]", "NO is read as true or false", "checkBoats"
    ),
    "Norway as a value": Slip(
        "except: {refund: false}", "except: {refund: NO}", "NO is read as true or false", "leaveBerth"
    ),
    "Norway as a default": Slip('BoatSize"}', 'BoatSize", default: NO}', "NO is read as true or false", "listBerths"),
    "on as a key": Slip("{'on': day}", "{on: day}", "the key on is read as true or false", "listBerths"),
    "number as a key": Slip(
        "  moor: Book berths", "  7: x\n  moor: Book berths", "the key 7 is read as a number", at="  7: x"
    ),
    "key twice": Slip(EFFECT, EFFECT + EFFECT, "effect stands here twice", "bookBerth"),
    "block twice": Slip("  checkBoats:", "  readLog:", "readLog stands here twice", "readLog"),
    "list as a key": Slip("\nblocks:", "? [a, b]\n: c\nblocks:", "is no YAML: found unhashable key", at="? [a, b]"),
    "value that holds itself": Slip(
        "batch_sizes: {boats: 3}", "batch_sizes: &all {boats: *all}", "leads back to what it stands in"
    ),
    "no YAML": Slip("    group: Boats", "    group: [Boats", "is no YAML", at="    description: Tell for each"),
    "control character": Slip("Boats\n", "Boats\x07\n", "special characters are not allowed", at="group: Boats"),
}


def find_line(text: str, changed: str, at: str | None) -> int:
    """The line of `at` in a text, or the first one in which it differs from what it was."""
    if at is not None:
        assert changed.count(at) >= 1
        return changed[: changed.index(at)].count("\n") + 1
    before, after = text.splitlines(), changed.splitlines()
    return (
        next(
            start
            for tag, _, _, start, _ in difflib.SequenceMatcher(None, before, after).get_opcodes()
            if tag != "equal"
        )
        + 1
    )


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_found_alone_with_its_line_and_its_block(harbour, slip):
    path = harbour / "manifest.yaml"
    sound = path.read_text("utf-8")
    target = harbour / slip.file
    text = target.read_text("utf-8")
    assert slip.before in text
    target.write_text(text.replace(slip.before, slip.after, 1), "utf-8")
    line = find_line(sound, path.read_text("utf-8"), slip.at)
    findings = check_manifest(path)
    # A slip in what several blocks share is found in each of them, in the same words.
    assert (findings[0].line, findings[0].block) == (line, slip.block), list(map(str, findings))
    assert [finding for finding in findings if slip.message not in finding.message] == []


@pytest.mark.parametrize("path", [ROOT / "manifest.yaml", HARBOUR / "manifest.yaml"], ids=["own", "harbour"])
def test_nothing_is_found_in_a_sound_manifest(path):
    assert list(map(str, check_manifest(path))) == []


def test_a_malformed_block_hides_no_finding_in_another(harbour):
    path = harbour / "manifest.yaml"
    text = (
        path.read_text("utf-8")
        .replace("effect: destructive", "effect: sad", 1)
        .replace("[{names: boats}]", "[{names: boats}, flag]", 1)
    )
    path.write_text(text, "utf-8")
    assert [finding.block for finding in check_manifest(path)] == ["leaveBerth", "checkBoats"]


def test_a_server_s_authentication_must_be_declared(harbour):
    path = harbour / "manifest.yaml"
    path.write_text(path.read_text("utf-8").replace("auth: key}", "auth: lock}"), "utf-8")
    assert [(finding.line, finding.message) for finding in check_manifest(path)] == [
        (22, "there is no authentication lock"),
        (27, "no server uses the authentication key"),
    ]


def test_the_routes_of_a_block_take_the_same_authentication(harbour):
    path = harbour / "manifest.yaml"
    text = path.read_text("utf-8").replace("\nauth:", "  quay: {url: 'https://quay.example'}\n\nauth:")
    path.write_text(text.replace("DELETE /boats/", "DELETE quay:/boats/"), "utf-8")
    [finding] = check_manifest(path)
    assert finding.message == "quay is told who calls in another way than the first route's server"
    assert "DELETE quay:" in path.read_text("utf-8").splitlines()[finding.line - 1]


def test_what_is_meant_as_text_is_judged_as_text(harbour):
    path = harbour / "manifest.yaml"
    text = path.read_text("utf-8").replace("Read the log\n", "NO\n").replace("GET /boats/in", "GET /boats/{boats}")
    path.write_text(text, "utf-8")
    assert [finding.message.partition(" ")[0] for finding in check_manifest(path)] == ["NO"]


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding("manifest.yaml", 7, "getIt", "is wrong"), "manifest.yaml:7: getIt: is wrong"),
        (Finding("manifest.yaml", 7, None, "is wrong"), "manifest.yaml:7: is wrong"),
    ],
)
def test_a_finding_reads_like_a_compiler_s(finding, text):
    assert str(finding) == text


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\xff\xfe\x00", b"[]", b"7", b"{", b"a: b: c", b"- 1\n--- \n- 2", b"!!python/none x", b"[" * 5000],
    ids=["missing", "empty", "not UTF-8", "list", "number", "open", "colons", "two documents", "tag", "deep"],
)
def test_what_is_no_manifest_is_one_finding(tmp_path, content):
    path = tmp_path / "manifest.yaml"
    if content is not None:
        path.write_bytes(content)
    [finding] = check_manifest(str(path))
    assert (finding.file, finding.block) == (str(path), None)


def iter_nodes(node: dict[str, Any], name: str):
    """Every node of a schema that says something of its own, with its name."""
    yield name, node
    for key in ("properties", "$defs"):
        for word, inner in node.get(key, {}).items():
            yield from iter_nodes(inner, f"{name}.{word}")
    for key in ("items", "additionalProperties"):
        inner = node.get(key)
        if isinstance(inner, dict) and "$ref" not in inner:
            yield from iter_nodes(inner, f"{name}.{key}")


NODES = list(iter_nodes(SCHEMA, "manifest"))


@pytest.mark.each(("name", "node"), NODES)
def test_every_word_of_the_manifest_is_explained_with_examples_that_fit(name, node):
    assert node["title"].strip()
    assert node["description"].endswith(".")
    assert node["examples"]
    judge = jsonschema.Draft202012Validator({"$defs": SCHEMA["$defs"], **node})
    for example in node["examples"]:
        assert [error.message for error in judge.iter_errors(example)] == []


@pytest.mark.each(("name", "node"), NODES)
def test_the_manifest_s_format_is_closed(name, node):
    """An object knows its words, or says what each of its entries is."""
    if node.get("type") == "object":
        assert "additionalProperties" in node


def test_the_manifest_s_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    first = (ROOT / "manifest.yaml").read_text("utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=schemas/manifest.schema.json"


def test_a_manifest_that_cannot_be_read_is_told_without_the_system_s_numbers(tmp_path):
    [finding] = check_manifest(tmp_path)
    assert finding.message == "can't be read: Is a directory; name another place"
