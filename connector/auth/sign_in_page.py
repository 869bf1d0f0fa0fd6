"""The page that a user sees when the sign-in leads back: done, or what went wrong. It loads nothing from anywhere."""

from __future__ import annotations

from html import escape
from typing import Final

#: The page needs its own style and nothing else; its address holds a code, which must not travel on.
PAGE_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_STYLE: Final = """
:root { color-scheme: light dark; --ground: #eef1f5; --card: #fff; --text: #1d2430; --good: #1b7a46; --bad: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12161c; --card: #1c222b; --text: #e3e8ef; --good: #6fd49b; --bad: #ff8f86 }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
       background: var(--ground); color: var(--text); font: 17px/1.55 system-ui, sans-serif }
main { max-width: 32rem; padding: 2rem 2.25rem; background: var(--card); border-radius: 14px;
       border-top: 5px solid var(--tone); overflow-wrap: anywhere }
.good { --tone: var(--good) } .bad { --tone: var(--bad) }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; color: var(--tone) }
p { margin: .5rem 0 0 }
"""


def render_page(heading: str, text: str, *, is_good: bool) -> bytes:
    """The page as UTF-8; send it with `PAGE_HEADERS`. `heading` and `text` are plain text."""
    tone = "good" if is_good else "bad"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(heading)}</title><style>{_STYLE}</style></head>"
        f'<body><main class="{tone}" role="{"status" if is_good else "alert"}">'
        f"<h1>{escape(heading)}</h1><p>{escape(text)}</p></main></body></html>"
    ).encode()
