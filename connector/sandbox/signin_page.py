"""The pages that a person sees: signing in, a sign-in that cannot go on, and what the sandbox is."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from connector.sandbox.scopes import SCOPES

_STYLE: Final = """
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f2f4f1; color: #1c2420 }
  main { max-width: 30rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: 12px;
         box-shadow: 0 2px 18px #0001 }
  h1 { font-size: 1.4rem; margin: 0 0 1rem }
  .note { background: #fff4d6; color: #4d3b00; border-radius: 8px; padding: .6rem .9rem; font-size: .9rem }
  li { margin: .3rem 0 } code { font-size: .85em; color: #56645c; overflow-wrap: anywhere }
  form { display: flex; gap: .8rem; margin-top: 1.5rem }
  button { font: inherit; padding: .6rem 1.6rem; border-radius: 2rem; border: 1px solid #87968d; cursor: pointer;
           background: transparent; color: inherit }
  button.agree { background: #1f6f4a; border-color: #1f6f4a; color: #fff }
  button:focus-visible { outline: 3px solid #6db592; outline-offset: 2px }
  @media (prefers-color-scheme: dark) {
    body { background: #141916; color: #e4ebe6 } main { background: #1d2420 } code { color: #9db0a4 }
  }
"""
_NOTE: Final = "This is a sandbox. No Spotify account is involved, and nothing leaves this computer."


def render_sign_in(app_name: str, user: str, scopes: Iterable[str], fields: Mapping[str, str]) -> str:
    """The page that asks whether an app may have what it asks for.

    Args:
        app_name: the app's name.
        user: who is signed in.
        scopes: what is asked for; each is put into words.
        fields: the request's parameters, posted back with the decision.
    """
    wishes = "".join(f"<li>{escape(SCOPES[scope])} <code>{escape(scope)}</code></li>" for scope in scopes)
    wishes = wishes or "<li>See what is public anyway</li>"
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    return _page(
        f"Sign in to {app_name}",
        f"<h1>{escape(app_name)} would like to</h1><ul>{wishes}</ul>"
        f"<p>You are signed in as <strong>{escape(user)}</strong>.</p>"
        f'<form method="post" action="/authorize">{hidden}'
        '<button class="agree" name="decision" value="agree">Agree</button>'
        '<button name="decision" value="cancel">Cancel</button></form>',
    )


def render_refusal(message: str) -> str:
    """The page for a request that cannot go on, and that must not be redirected.

    Args:
        message: what is wrong, e.g. "INVALID_CLIENT: Invalid redirect URI".
    """
    return _page("Sign-in failed", f"<h1>Sign-in failed</h1><p>{escape(message)}</p>")


def render_index(title: str, sections: Mapping[str, Iterable[str]]) -> str:
    """The page that says what the sandbox is.

    Args:
        title: its heading.
        sections: heading to the lines of a list.
    """
    lists = "".join(
        f"<h2>{escape(heading)}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        for heading, lines in sections.items()
    )
    return _page(title, f"<h1>{escape(title)}</h1>{lists}")


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f'<body><main>{content}<p class="note">{_NOTE}</p></main></body></html>'
    )
