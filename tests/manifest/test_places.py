"""Countries, markets and locales are those of well-kept lists; the lists are read here, not at start-up."""

import json
import re
from pathlib import Path

import babel
import pycountry
import pytest

FIELDS = json.loads((Path(__file__).parents[2] / "schemas" / "fields.json").read_text("utf-8"))["$defs"]
#: Kosovo has no ISO code of its own; Spotify sells there under the user-assigned XK.
COUNTRIES = {country.alpha_2 for country in pycountry.countries} | {"XK"}
LANGUAGES = {language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2")}


def test_countries_are_those_of_iso_3166_1():
    assert set(FIELDS["CountryCode"]["enum"]) == COUNTRIES


def test_locales_are_made_of_iso_639_1_and_iso_3166_1():
    languages, countries = re.fullmatch(r"\^\((.+)\)_\((.+)\)\$", FIELDS["Locale"]["pattern"]).groups()
    assert set(languages.split("|")) == LANGUAGES
    assert set(countries.split("|")) == COUNTRIES


@pytest.mark.each(
    "locale",
    sorted(
        name
        for name in babel.localedata.locale_identifiers()
        # Unicode also has a few places of its own, such as Ceuta's EA.
        if re.fullmatch(r"[a-z]{2}_[A-Z]{2}", name) and name[3:] in COUNTRIES
    ),
)
def test_every_locale_of_unicode_s_list_fits(locale):
    assert re.search(FIELDS["Locale"]["pattern"], locale)


@pytest.mark.each("locale", ["xx_SE", "sv_XX", "sv-SE", "SV_se", "sv", "sv_SE\n"])
def test_what_is_no_locale_does_not_fit(locale):
    assert not re.fullmatch(FIELDS["Locale"]["pattern"].rstrip("$"), locale)
