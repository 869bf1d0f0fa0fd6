"""How an answer differs from its schema: told by path and type, and never by value."""

from connector.verifying.differences import find_differences, find_undeclared

NAME = {"type": "string", "pattern": "^[A-Z]"}
SCHEMA = {
    "$defs": {
        "Boat": {"type": "object", "required": ["name"], "properties": {"name": NAME, "crew": {"type": "integer"}}}
    },
    "type": "object",
    "properties": {
        "boats": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/Boat"}, {"type": "null"}]}},
        "first": {"$ref": "#/$defs/Boat"},
        "keepers": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def test_what_fits_has_no_differences():
    whole = {"boats": [{"name": "Anna"}, None], "first": {"name": "Bo", "crew": 2}, "keepers": {"anna": "a"}}
    assert find_differences(whole, SCHEMA) == []
    assert find_undeclared(whole, SCHEMA) == []


def test_types_patterns_and_gaps_are_told_without_the_value():
    broken = {"first": {"crew": "seven"}, "boats": "none today"}
    assert find_differences(broken, SCHEMA) == [
        ("boats", "is string, not array"),
        ("first", "lacks name"),
        ("first.crew", "is string, not integer"),
    ]
    assert find_differences({"first": {"name": "secret"}}, SCHEMA) == [
        ("first.name", "is string, which doesn't fit its pattern")
    ]
    assert find_differences([], SCHEMA) == [("(the whole)", "is array, not object")]


def test_the_entries_of_a_list_differ_together():
    boats = [{"name": "Anna", "crew": 1.5}, {"name": "Bo"}, {"name": "Cleo", "crew": "two"}]
    assert find_differences({"boats": boats}, SCHEMA) == [("boats[]", "is object, which fits none of its forms")]


def test_what_a_schema_does_not_declare_is_told_apart():
    told = {"boats": [{"name": "Anna", "sails": 3}, {"name": "Bo", "sails": None}], "weather": {}}
    assert find_differences(told, SCHEMA) == []
    assert find_undeclared(told, SCHEMA) == [
        ("boats[].sails", "is integer"),
        ("boats[].sails", "is null"),
        ("weather", "is object"),
    ]


def test_names_in_a_map_are_values():
    keepers = {"keepers": {"anna_of_the_harbour": 1}}
    assert find_differences(keepers, SCHEMA) == [("keepers.*", "is integer, not string")]
    assert find_undeclared(keepers, SCHEMA) == []
    assert find_undeclared({"Anna's boat": 1, "a name": 2}, SCHEMA) == []
