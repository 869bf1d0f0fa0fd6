"""The report of a survey, as Markdown for an issue: blocks, routes, kinds, paths and types; no value of an answer, no
argument, no name of a connection."""

from __future__ import annotations

import platform
from collections.abc import Callable, Collection, Sequence

from connector.manifest.manifest import Manifest
from connector.verifying.differences import Difference
from connector.verifying.survey import Finding, Survey
from connector.version import __version__


def write_report(
    manifest: Manifest, survey: Survey, *, quota_mode: str, scopes: Collection[str] | None, is_sandbox: bool, day: str
) -> str:
    """The report. `scopes` were granted to the connection, `None` where nobody knows; `day` is written `yyyy-mm-dd`."""
    findings = survey.findings
    calls = sum(finding.calls for finding in findings)
    facts = {
        "answered by": "a sandbox, not the live service" if is_sandbox else "the live service",
        "day": day,
        "connector": f"{manifest.command} {__version__}",
        "Python": f"{platform.python_version()} on {platform.system()}",
        "quota mode": quota_mode,
        "scopes granted": "not known" if scopes is None else ", ".join(sorted(scopes)) or "none",
        "blocks": f"{len(findings)} run, {sum(finding.is_good for finding in findings)} as declared",
        "calls": str(calls),
    }
    lines = [f"# {manifest.package['title']}: blocks against the service", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    if survey.stopped_by:
        lines += ["", f"It ended early: every further call would have met `{survey.stopped_by}`."]
    if survey.is_left:
        lines += ["", "**What was made to be written to is still there: remove it by hand.**"]
    lines += ["", "| block | route | outcome | calls | asked about |", "|---|---|---|---|---|"]
    lines += [_write_row(finding) for finding in findings]
    lines += ["", "## Differences from the schemas", ""]
    lines += _list(findings, lambda finding: finding.differences) or ["None."]
    lines += ["", "## Fields that no schema declares", ""]
    lines += _list(findings, lambda finding: finding.undeclared) or ["None."]
    return "\n".join([*lines, ""])


def tell_outcome(finding: Finding) -> str:
    """What became of a block, in a few words."""
    if finding.kind is None:
        count = len(finding.differences)
        return f"{count} difference{'' if count == 1 else 's'}" if count else "ok"
    facts = [str(fact) for fact in (finding.status, finding.reason) if fact is not None]
    # A scope that wasn't granted is known beforehand.
    facts += [] if finding.calls else ["before any call"]
    return finding.kind + (f" ({', '.join(facts)})" if facts else "") + (", as declared" if finding.is_expected else "")


def _write_row(finding: Finding) -> str:
    source = {None: "", True: "what was found", False: "an example"}[finding.is_found]
    return f"| {finding.block} | {finding.route or ''} | {tell_outcome(finding)} | {finding.calls} | {source} |"


def _list(findings: Sequence[Finding], choose: Callable[[Finding], Sequence[Difference]]) -> list[str]:
    rows = (f"- {finding.block}: `{each.path}` {each.problem}" for finding in findings for each in choose(finding))
    # A block that reads what others wrote is run twice.
    return list(dict.fromkeys(rows))
