"""Signs the sandbox's listener in as the connection `demo`, so that there is something to try.

    CONNECTOR_STORE=redis://… CONNECTOR_STORE_KEY=… CONNECTOR_SERVER_ACCOUNTS=http://127.0.0.1:8900 python sign_in.py

With the real service a user does this in the browser, at /connect/NAME of the HTTP runner.
"""

import os
import sys
import time

import requests

from connector.auth import Connection, open_store
from connector.manifest.manifest import Manifest


def sign_in(sandbox_url: str) -> None:
    """Keeps a connection of the sandbox's listener in the store that `CONNECTOR_STORE` names."""
    demo = requests.post(f"{sandbox_url}/sandbox/demo", timeout=10).json()
    tokens = {name: demo[name] for name in ("access_token", "refresh_token")}
    open_store(package=Manifest.load().command).save(
        Connection("demo", demo["client_id"], demo["client_key"], **tokens)
    )


if __name__ == "__main__":
    for _ in range(30):
        try:
            sign_in(os.environ["CONNECTOR_SERVER_ACCOUNTS"])
        except requests.ConnectionError:
            time.sleep(1)
        else:
            break
    else:
        sys.exit("The sandbox does not answer.")
    print("The sandbox's listener is signed in as the connection demo.")
