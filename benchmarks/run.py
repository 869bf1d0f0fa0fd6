"""`make bench`: the connector beside spotipy, tekore, requests and urllib3, in one run, as one table.

All take turns within a round, so that a machine that slows down slows all of them; figures are medians over the rounds,
ratios are medians of the rounds' ratios. `--quick` does less of everything and is not for the record.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Barrier

sys.path.insert(0, str(Path(__file__).parent))

import jsonschema
import requests
from bodies import id_of
from cold_start import time_cold_starts
from contenders import ARGS, HEADERS, TOKEN, make_connector, profile_calls, reading_calls
from growth import FEW, time_check, time_growth
from memory import measure_memory
from outcomes import Cost, add_items, read_tracks, run_stage
from ready_made import compare
from ready_made_lists import build_outcomes
from server import run_server
from table import Line, at_least, at_most, median_ratio, medians, print_line
from trigger_calls import measure_ways

from connector.arguments.validation import InputValidator
from connector.wire.request import build_request


@dataclass(frozen=True)
class Amount:
    """How much is done: rounds, calls a round, tracks in the library, tracks in the long stream, items added to a
    playlist, tracks read by their ids; tracks mirrored, items of a playlist that are deduped and sorted, tracks that go
    one a call, and items of a list that meets with mishaps."""

    rounds: int
    calls: int
    readings: int
    tracks: int
    stream: int
    added: int
    by_id: int
    mirrored: int
    deduped: int
    sorted: int
    one_a_call: int
    mishaps: int


#: How many times faster than the faster of spotipy and tekore a reading must be, by the server's latency in ms.
TIMES_FASTER = {0: 1.3, 20: 6.0, 50: 7.0}
FULL = Amount(
    rounds=60,
    calls=20,
    readings=3,
    tracks=10_000,
    stream=100_000,
    added=1_000,
    by_id=300,
    mirrored=5_000,
    deduped=2_000,
    sorted=300,
    one_a_call=250,
    mishaps=300,
)
QUICK = Amount(
    rounds=10,
    calls=10,
    readings=1,
    tracks=2_000,
    stream=20_000,
    added=200,
    by_id=50,
    mirrored=500,
    deduped=300,
    sorted=100,
    one_a_call=50,
    mishaps=200,
)


def take_turns(calls: Mapping[str, Callable[[], object]], rounds: int, each: int) -> dict[str, list[float]]:
    """Seconds for one call, by round; every contender does `each` calls in a round."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            started = time.perf_counter()
            for _ in range(each):
                call()
            times[name].append((time.perf_counter() - started) / each)
    return times


def compare_one_call(base: str, amount: Amount) -> Iterator[Line]:
    yield Line("1. One call: getCurrentUserProfile, validated", "")
    times = take_turns(profile_calls(base), amount.rounds, amount.calls)
    yield from medians(times, 1e-6, "µs")
    yield at_most("  ours : spotipy", median_ratio(times, "ours", "spotipy"), 0.60)
    yield at_most("  ours : urllib3", median_ratio(times, "ours", "urllib3"), 2.00)


def compare_validation(base: str, amount: Amount) -> Iterator[Line]:
    yield Line("2. getRecommendations, all 48 fields valid: validation and binding", "")
    connector = make_connector(base)
    block = connector.manifest.block("getRecommendations")
    args = {name: field.schema["examples"][0] for name, field in block.fields.items()} | {"access_token": TOKEN}
    args |= {name: args[name][:1] for name in block.together.fields}  # type: ignore[union-attr]
    whole = jsonschema.Draft202012Validator(block.input_schema)
    validate = InputValidator(block, connector.manifest.references).validate
    calls = {
        "ours": lambda: build_request(block.routes[0], validate(args)),
        "jsonschema alone, prebuilt": lambda: whole.is_valid(args),
    }
    times = take_turns(calls, amount.rounds, amount.calls * 5)
    yield from medians(times, 1e-6, "µs")


def compare_reading(bases: Mapping[int, str], amount: Amount) -> Iterator[Line]:
    expected = [id_of(number) for number in range(amount.tracks)]
    for latency_ms, base in bases.items():
        yield Line(f"3. {amount.tracks} saved tracks, 50 a page, at {latency_ms} ms", "")
        calls = reading_calls(base)
        is_exact = all(call() == expected for name, call in calls.items() if name.startswith("ours"))
        yield Line("  order exact", str(is_exact).lower(), "true", is_exact)
        times = take_turns(calls, amount.readings, 1)
        yield from medians(times, 1e-3, "ms")
        for ours in (name for name in calls if name.startswith("ours")):
            faster = min(median_ratio(times, rival, ours) for rival in ("spotipy", "tekore"))
            yield at_least(f"  the faster of them : {ours}", faster, TIMES_FASTER[latency_ms])


def compare_memory(server: str, amount: Amount) -> Iterator[Line]:
    yield Line("4. stream: memory at most", "")
    short, long = (measure_memory(f"{server}/{count}") for count in (1_000, amount.stream))
    yield Line("  1000 tracks", f"{short:.0f} MiB")
    yield Line(f"  {amount.stream} tracks", f"{long:.0f} MiB")
    yield Line("  difference", f"{long - short:.0f} MiB", "≤ 40 MiB", long - short <= 40)


def compare_cold_start(base: str, amount: Amount) -> Iterator[Line]:
    yield Line("5. Cold start", "")
    times = time_cold_starts(base, max(5, amount.rounds // 4))
    yield from medians(times, 1, "ms")
    yield at_most(
        "  load and first invoke : import spotipy", median_ratio(times, "first invoke", "import spotipy"), 1.0
    )


def compare_threads(base: str, amount: Amount, threads: int = 64) -> Iterator[Line]:
    yield Line(f"6. {threads} threads, one connector, against {threads} requests sessions", "")
    connector, url = make_connector(base), f"{base}/v1/me"
    sessions = [requests.Session() for _ in range(threads)]
    calls = amount.calls * 2

    def run(work: Callable[[int], object]) -> float:
        barrier = Barrier(threads)

        def repeat(number: int) -> None:
            barrier.wait()
            for _ in range(calls):
                work(number)

        started = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(repeat, range(threads)))
        return (time.perf_counter() - started) / calls / threads

    def invoke(_: int) -> None:
        assert connector.invoke("getCurrentUserProfile", ARGS).ok

    def get(number: int) -> None:
        assert sessions[number].get(url, headers=HEADERS).json()

    contenders = {"ours [speed]": lambda: run(invoke), "requests": lambda: run(get)}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(1 + max(3, amount.rounds // 10)):
        for name, measure in contenders.items():
            times[name].append(measure())
    times = {name: measured[1:] for name, measured in times.items()}
    for name, measured in times.items():
        yield Line(f"  {name}", f"{1 / statistics.median(measured):.0f} calls/s")
    yield at_least("  throughput", median_ratio(times, "requests", "ours [speed]"), 1.0)


def compare_growth(base: str, amount: Amount) -> Iterator[Line]:
    yield Line(f"7. All blocks, against {FEW} of them", "")
    times = time_growth(base, max(5, amount.rounds // 4))
    yield from medians(times, 1, "ms")
    yield at_most("  load and first invoke: all to few", median_ratio(times, "all", "few"), 1.15)
    seconds = time_check()
    yield Line("  check", f"{seconds:.1f} s", "≤ 2.0 s", seconds <= 2)


def compare_outcomes(amount: Amount) -> Iterator[Line]:
    yield Line(f"8. {amount.added} items added to a playlist, at 50 ms", "")
    with run_stage("extended", amount.added) as stage:
        yield from map(to_line, add_items(stage))
    yield Line(f"8. {amount.by_id} tracks by id in development mode, at 50 ms", "")
    with run_stage("development", amount.by_id) as stage:
        yield from map(to_line, read_tracks(stage))


def compare_triggers() -> Iterator[Line]:
    for what, size, is_playlist in (("saved tracks", 5_000, False), ("items of a playlist", 2_000, True)):
        yield Line(f"9. Triggers: {size} {what}, a change an hour, two days of polls", "")
        ways = list(measure_ways(size, is_playlist=is_playlist))
        for way in ways:
            yield Line(f"  {way.name}", f"{way.calls} calls", f"{way.missed} missed, {way.doubled} doubled")
        ours, others = ways[0], ways[1:]
        yield at_least("  the fewer of the others : ours", min(way.calls for way in others) / ours.calls, 20)
        yield Line("  missed and doubled", str(ours.missed + ours.doubled), "0", ours.missed + ours.doubled == 0)


def compare_ready_made(amount: Amount) -> Iterator[Line]:
    outcomes = build_outcomes(amount.mirrored, amount.deduped, amount.sorted, amount.one_a_call)
    return compare(outcomes, amount.mishaps)


def to_line(cost: Cost) -> Line:
    return Line(f"  {cost.name}", f"{cost.seconds:.2f} s", f"{cost.calls} calls")


def describe_machine() -> str:
    libraries = ("spotipy", "tekore", "requests", "urllib3", "jsonschema", "orjson")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}; " + ", ".join(
        f"{name} {version(name)}" for name in libraries
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="do less of everything")
    parser.add_argument("--only", type=int, action="append", choices=range(1, 11), help="measure this point alone")
    options = parser.parse_args()
    amount = QUICK if options.quick else FULL
    print(describe_machine())
    is_met = True
    with run_server([0, 20, 50]) as (at_0, at_20, at_50):
        base = f"{at_0}/{amount.tracks}"
        readings = {ms: f"{server}/{amount.tracks}" for ms, server in ((0, at_0), (20, at_20), (50, at_50))}
        points = [
            lambda: compare_one_call(base, amount),
            lambda: compare_validation(base, amount),
            lambda: compare_reading(readings, amount),
            lambda: compare_memory(at_0, amount),
            lambda: compare_cold_start(base, amount),
            lambda: compare_threads(base, amount),
            lambda: compare_growth(base, amount),
            lambda: compare_outcomes(amount),
            compare_triggers,
            lambda: compare_ready_made(amount),
        ]
        for number, measure in enumerate(points, start=1):
            if options.only and number not in options.only:
                continue
            for line in measure():
                print_line(line)
                is_met = is_met and line.is_met is not False
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
