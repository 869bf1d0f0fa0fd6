"""Endpoints about how tracks sound."""

from itertools import pairwise
from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.ids import position_of
from connector.sandbox.operations import Operation
from connector.sandbox.parameters import ApiRequest, find_in_path, read_ids, refuse
from connector.sandbox.traits import attributes, seeded

_MOST_IDS: Final = 100
_BEATS_A_BAR: Final = 4
_RATE: Final = 22_050
_PITCHES: Final = 12
_CODES: Final = {"codestring": 3.15, "echoprintstring": 4.12, "synchstring": 1, "rhythmstring": 1}


def _get_features(request: ApiRequest) -> Answer:
    features = request.state.catalogue.audio_features(find_in_path(request, "track"))
    if features is None:
        raise refuse(404, "analysis not found")
    return json_answer(features)


def _get_features_of_several(request: ApiRequest) -> Answer:
    positions = [position_of("track", identifier) for identifier in read_ids(request, maximum=_MOST_IDS)]
    catalogue = request.state.catalogue
    features = [None if position is None else catalogue.audio_features(position) for position in positions]
    return json_answer({"audio_features": features})


def _get_analysis(request: ApiRequest) -> Answer:
    position = find_in_path(request, "track")
    if request.state.catalogue.audio_features(position) is None:
        raise refuse(404, "analysis not found")
    return json_answer(_analyse(position))


def _analyse(position: int) -> Json:
    """An AudioAnalysisObject: beats as the tempo has them, and a few sections and segments."""
    own, rng = attributes(position), seeded("analysis", position)
    duration_s = own["duration_ms"] / 1000
    beats = [number * 60 / own["tempo"] for number in range(int(duration_s * own["tempo"] / 60) + 1)]

    def confidence() -> float:
        return round(rng.uniform(0.001, 0.999), 3)

    def intervals(starts: list[float]) -> list[Json]:
        pairs = pairwise([*starts, duration_s])
        return [
            {"start": round(start, 5), "duration": round(stop - start, 5), "confidence": confidence()}
            for start, stop in pairs
        ]

    sounds = {
        name: value
        for quality in ("key", "mode", "tempo", "time_signature")
        for name, value in ((quality, own[quality]), (f"{quality}_confidence", confidence()))
    }
    sections = [duration_s * part / 5 for part in range(5)]
    return {
        "bars": intervals(beats[::_BEATS_A_BAR]),
        "beats": intervals(beats),
        "meta": {
            "analyzer_version": "4.0.0",
            "platform": "Linux",
            "detailed_status": "OK",
            "status_code": 0,
            "timestamp": 1_735_689_600,
            "analysis_time": round(rng.uniform(2, 9), 5),
            "input_process": "libvorbisfile L+R 44100->22050",
        },
        "sections": [{**section, "loudness": own["loudness"], **sounds} for section in intervals(sections)],
        "segments": [
            {
                **segment,
                "loudness_start": own["loudness"] - 5,
                "loudness_max": own["loudness"],
                "loudness_max_time": 0.05,
                "loudness_end": 0,
                "pitches": [confidence() for _ in range(_PITCHES)],
                "timbre": [round(rng.uniform(-200, 200), 3) for _ in range(_PITCHES)],
            }
            for segment in intervals(beats[::8])
        ],
        "tatums": intervals(sorted([*beats, *(beat + 30 / own["tempo"] for beat in beats[:-1])])),
        "track": {
            "num_samples": int(duration_s * _RATE),
            "duration": duration_s,
            "sample_md5": "",
            "offset_seconds": 0,
            "window_seconds": 0,
            "analysis_sample_rate": _RATE,
            "analysis_channels": 1,
            "end_of_fade_in": 0,
            "start_of_fade_out": round(duration_s - 5, 5),
            "loudness": own["loudness"],
            **sounds,
            **dict.fromkeys(_CODES, "sandbox"),
            **{name.replace("string", "_version"): version for name, version in _CODES.items()},
        },
    }


OPERATIONS: Final = (
    Operation("GET /audio-features/{id}", _get_features, closed=403),
    Operation("GET /audio-features", _get_features_of_several, closed=403),
    Operation("GET /audio-analysis/{id}", _get_analysis, closed=403),
)
"""Features and analysis."""
