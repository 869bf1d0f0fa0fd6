"""`make workers-proof` in a smaller size: a killed worker, a restart, dead tokens and a closed gate change nothing."""

from workers_proof import run_proof


def test_many_workers_behave_as_one(queue_redis, tmp_path):
    figures = run_proof(200, tmp_path)
    assert figures.failures == [], "\n".join(figures.lines)
