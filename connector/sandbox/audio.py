"""Endpoints about how tracks sound."""

from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.operations import Operation
from connector.sandbox.parameters import ApiRequest, find_in_path, refuse


def _get_features(request: ApiRequest) -> Answer:
    features = request.state.catalogue.audio_features(find_in_path(request, "track"))
    if features is None:
        raise refuse(404, "analysis not found")
    return json_answer(features)


OPERATIONS: Final = (Operation("GET /audio-features/{id}", _get_features, closed=403),)
"""Features."""
