"""The list of what `make mutations` breaks is true to the code; whether the tests notice is for that command to say."""

import mutations
import pytest


@pytest.mark.each("mutation", mutations.load())
def test_a_mutation_changes_one_place_and_names_tests_that_there_are(mutation):
    assert (mutations.ROOT / mutation.file).read_text("utf-8").count(mutation.old) == 1
    assert mutation.new != mutation.old
    for test in mutation.tests:
        path, _, name = test.partition("::")
        assert (mutations.ROOT / path).exists()
        assert f"def {name.partition('[')[0]}(" in (mutations.ROOT / path).read_text("utf-8") if name else True
