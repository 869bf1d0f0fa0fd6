"""The page that a user sees when the sign-in leads back: done, or what went wrong. It loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

_STYLE: Final = """
:root { color-scheme: light dark; --ground: #f5f6f8; --card: #fff; --text: #1b222c; --good: #17693f; --bad: #a3262a }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12161c; --card: #1b212a; --text: #e4e9ef; --good: #6fd49b; --bad: #ff8f86 }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
       background: var(--ground); color: var(--text); font: 17px/1.55 system-ui, sans-serif }
main { max-width: 32rem; padding: 2rem 2.25rem; background: var(--card); border-radius: 14px;
       border-top: 5px solid var(--tone); overflow-wrap: anywhere }
.good { --tone: var(--good) } .bad { --tone: var(--bad) }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; color: var(--tone) }
p { margin: .5rem 0 0 }
a { color: inherit }
"""
_HASH: Final = f"sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}"
#: The page needs its own style and nothing else; its address holds a code, which must not travel on.
PAGE_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"default-src 'none'; style-src '{_HASH}'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def render_page(heading: str, text: str, *, is_good: bool, on: tuple[str, str] | None = None) -> bytes:
    """The page as UTF-8; send it with `PAGE_HEADERS`. `heading` and `text` are plain text; `on` is where a link leads
    from there: its text and its address."""
    tone = "good" if is_good else "bad"
    link = f'<p><a href="{escape(on[1])}">{escape(on[0])}</a></p>' if on else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(heading)}</title><style>{_STYLE}</style></head>"
        f'<body><main class="{tone}"><div role="{"status" if is_good else "alert"}">'
        f"<h1>{escape(heading)}</h1><p>{escape(text)}</p></div>{link}</main></body></html>"
    ).encode()
