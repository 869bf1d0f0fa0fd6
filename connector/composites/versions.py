"""What languages call versions of a recording, such as a live one or a remix, and what says nothing of the song.

All texts are folded: small letters, without accents and signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

#: Kinds of versions, by the words for them.
_KINDS: Final[Mapping[str, str]] = {
    "karaoke": r"\b(?:karaoke|karaokes|in the style of|originally performed|made (?:famous|popular)"
    r"|backing track|sing ?along|playback)\b"
    r"|караоке|カラオケ|노래방|伴奏|卡拉ok",
    "cover": r"\b(?:cover|covers|covered|tribute|rendition|lullaby|music box|8 ?bit"
    r"|string quartet version|piano tribute)\b"
    r"|翻唱|翻自|カバー|кавер|커버",
    "instrumental": r"\b(?:instrumental|instrumentals|inst|off vocal|minus one)\b|минус|инструментал"
    r"|インスト|伴奏版|纯音乐|純音樂",
    "acappella": r"\b(?:a ?cappella|acapella|acappella|vocals only)\b",
    "live": r"\b(?:live|en vivo|ao vivo|en directo|dal vivo|in concert|en concert|unplugged"
    r"|mtv unplugged|canli|zhivoj"
    r"|(?:bbc|peel|kexp|live|radio) sessions?|tiny desk)\b|концерт|живую|ライブ|ライヴ|라이브|现场|現場|演唱會|演唱会"
    r"|מההופעה|بث مباشر",
    "remix": r"\b(?:remix|shuffle|refix|reinterpreted|reimagined|restrung|remixed|remixes|rmx|rework"
    r"|bootleg|mashup|mash up|megamix|dub|club mix|dance mix|vip mix|(?:\w+ ){1,3}(?:mix|edit|flip))\b"
    r"|ремикс|リミックス|리믹스|混音",
    "edit": r"\b(?:radio edit|single edit|radio version|radio mix|video edit|short version|edit|edited)\b",
    "extended": r"\b(?:extended|long version|12 inch|12in|full length)\b",
    "acoustic": r"\b(?:acoustic|acustico|acustica|acoustique|akustik|akustisch|stripped|piano version"
    r"|unplugged version)\b"
    r"|акусти|アコースティック|어쿠스틱|原声",
    "demo": r"\b(?:demo|demos|rough mix|outtake|alternate take|alternate version|early take|take \d+"
    r"|rehearsal)\b|デモ",
    "other tempo": r"\b(?:sped up|speed up|spedup|slowed|nightcore|daycore|reverb|8d|chopped and screwed)\b",
    "orchestral": r"\b(?:orchestral|orchestra version|symphonic|with orchestra|strings version)\b",
    "new recording": r"\b(?:taylors version|re ?recorded|re ?recording|newly recorded|new recording"
    r"|(?:19|20)\d\d version)\b",
    "interlude": r"\b(?:interlude|intro|outro|skit|reprise)\b",
    "talk": r"\b(?:commentary|interview|voice memo|track by track)\b",
    **{
        language: rf"\b{stem} (?:ver|version|language version|vers)\b|\b(?:version )?(?:{own})\b"
        for language, stem, own in (
            ("in English", "english", "in english|en ingles|version inglesa|auf englisch"),
            ("in Spanish", "(?:spanish|spanglish)", "en espanol|version en espanol|version espanola"),
            ("in French", "french", "en francais|version francaise"),
            ("in Italian", "italian", "in italiano|versione italiana"),
            ("in German", "german", "auf deutsch|deutsche version"),
            ("in Portuguese", "portuguese", "em portugues|versao em portugues"),
            ("in Japanese", "(?:japanese|jp|jpn)", "in japanese|nihongo"),
            ("in Korean", "(?:korean|kr|kor)", "in korean"),
            ("in Chinese", "(?:chinese|mandarin)", "in mandarin"),
        )
    },
}
_PATTERNS: Final = {kind: re.compile(pattern) for kind, pattern in _KINDS.items()}
#: Mixes and edits that are the recording itself, or another one of it than a remix.
_PLAIN_MIX: Final = re.compile(
    r"\b(?:original|album|single|stereo|mono|main|final|radio|video|rough|extended|new|\d{4}"
    r"|remastered|remaster|atmos"
    r"|full|short|7 inch|7in|giles martin|stereo \d{4}) (?:mix|edit)\b"
)
#: Words that say nothing of which song it is: pictures, sound, editions.
_NOISE_WORD: Final = re.compile(
    r"(?:19|20)\d\d"
    r"|official|officiel|oficial|ufficiale|offizielles|video|videoclip|clip|audio|music|musik|lyric|lyrics"
    r"|letra|lyrical|visualizer|visualiser|hd|hq|4k|1080p|720p|mv|m|v|pv|explicit|clean|version|ver"
    r"|remaster|remastered|remasterizado|digital|digitally|mono|stereo|album|single|original|mix|bonus"
    r"|track|deluxe|edition|expanded|anniversary|complete|special|standard|limited|reissue|7|inch|full"
    r"|song|new|release|released|with|the|from|a|in|on|and|us|uk|th|topic|colour|color|coded|videoclipe"
    r"|dolby|atmos|trailer|officielle|hi|res|free|download|out|now|ost|soundtrack|film|motion|picture"
    r"|movie|theme|series|pt|sub|subtitles|eng|premiere|performance|explicita|歌词|字幕|高音质|完整版|официальный"
    r"|клип|аудио|видео|премьера|текст|公式|官方|뮤직비디오|가사|フル|高画質|歌詞付き|audiovisual"
)
#: What a segment begins with that tells where a song is from.
_ORIGIN: Final = re.compile(
    r"^(?:from|theme from|music from|de la pelicula|du film|aus dem film|из фильма|из к ф|prod"
    r"|produced|dir|directed"
    r"|с альбома|ost|op\b(?! \d)|bonus|(?:\d{4} )?(?:digital |digitally )*remaster)\b"
)
_FEATURE: Final = re.compile(r"^(?:feat|ft|featuring|f/|при уч|при участии)\b\.?\s*(.+)$", re.IGNORECASE)
_WITH: Final = re.compile(r"^(?:with|w/|con|avec|mit|и)\s+(.+)$", re.IGNORECASE)
#: What a title may end with, without brackets, that says no more than a noise word in brackets.
NOISE: Final = (
    r"official\s+(?:music\s+|lyrics?\s+|hd\s+|4k\s+)?(?:video|audio|visuali[sz]er)(?:\s+(?:hd|hq"
    r"|4k))?|music\s+video|lyrics?\s+video"
    r"|(?:with\s+)?lyrics|official|hd|hq|4k|m/?v|vid[eé]o\s+oficial|videoclip(?:\s+oficial)?"
    r"|clip\s+officiel|video\s+ufficiale"
    r"|official\s+mv|официальный\s+клип|клип|текст\s+песни|remastered"
    r"|(?:\d{4}\s+)?remaster(?:ed)?(?:\s+\d{4})?|歌词|官方mv|mv版"
)
#: Kinds that a title may end with, without brackets.
_AT_END: Final = re.compile(
    r" (?:(karaoke)(?: version)?|(instrumental)(?: version)?|(acoustic)(?: version)?|(live)(?: version)?"
    r"|(demo)(?: version)?|(remix)|(radio edit)|(extended)(?: mix| version)|(sped up"
    r"|slowed(?: and)?(?: reverb)?|nightcore)|(cover))$"
)
_END_KINDS: Final = (
    "karaoke", "instrumental", "acoustic", "live", "demo", "remix", "edit", "extended", "other tempo", "cover"
)  # fmt: skip


def find_versions(words: str) -> set[str]:
    """The kinds of versions that `words`, a part of a title or of a name, say."""
    plain = _PLAIN_MIX.sub(" ", words)
    found = {kind for kind, pattern in _PATTERNS.items() if pattern.search(plain if kind == "remix" else words)}
    if "remix" in found:
        found.discard("edit")
    if found & {"karaoke", "instrumental"}:
        found -= {"cover"}
    return found


def find_version_at_end(words: str) -> tuple[str, int] | None:
    """The kind of version that `words` end with, though nothing sets it apart, and how many words say so."""
    match = _AT_END.search(words)
    if match is None or match.lastindex is None:
        return None
    return _END_KINDS[match.lastindex - 1], len(match[0].split())


def is_noise(words: str) -> bool:
    """Whether a part of a title says nothing of which song it is."""
    if _ORIGIN.search(words):
        return True
    return all(map(_NOISE_WORD.fullmatch, words.split()))


def find_features(segment: str, *, is_bracket: bool) -> str | None:
    """The names in a part of a title that says who takes part; `None` where it says something else."""
    match = _FEATURE.match(segment) or (_WITH.match(segment) if is_bracket else None)
    return match[1] if match else None
