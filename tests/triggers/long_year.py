"""`make year`: more lives for each trigger than a test run has time for, and what they took."""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from triggers.test_year import STORIES
from triggers.year import live

LOOKS = 60
#: Seeds that the test run doesn't play.
FIRST = 1_000


def main(lives: int) -> int:
    failed = 0
    print(f"{'trigger':<28}{'lives':>6}{'polls':>8}{'events':>8}{'faults':>8}{'crashes':>8}{'state':>8}{'s':>7}  wrong")
    for story in STORIES:
        started, wrong, followers = time.process_time(), [], []
        for seed in range(FIRST, FIRST + lives):
            try:
                followers.append(live(story(random.Random(seed)), LOOKS))  # noqa: S311 - it plays a story
            except AssertionError as problem:
                wrong.append(seed)
                print(f"  {story.trigger}, seed {seed}: {str(problem).splitlines()[0][:150]}")
        sums = [sum(getattr(one, name) for one in followers) for name in ("polls", "events", "faults", "crashes")]
        largest = max((one.largest for one in followers), default=0)
        figures = "".join(f"{figure:>8}" for figure in (*sums, largest))
        took = time.process_time() - started
        print(f"{story.trigger:<28}{lives:>6}{figures}{took:>7.1f}  {wrong or 'none'}", flush=True)
        failed += len(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
