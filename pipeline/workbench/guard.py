"""Keep everybody but the person who started the workbench out of it.

The server listens on the loopback address only. A page on another site could still make the
person's browser call it, so each request is checked: the Host header (a foreign name that resolves
to this machine), a cookie that is handed out once for a one-time token, and, for whatever writes,
that the browser says the request comes from our own pages.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS = ("127.0.0.1", "localhost")
_TOKEN_BYTES = 24
MAX_BODY = 2_000_000
"""Longest body of a request, in bytes; a memo is the longest thing a person sends."""

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Keys:
    """The one-time token of the address, and the cookie it is changed for.

    Attributes
    ----------
    token : str
        Good for one request; afterwards "".
    cookie_name : str
        Carries the port, since cookies of one host are shared by all its ports.
    """

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self.cookie_name = f"havainto_{port}"
        self._session = secrets.token_urlsafe(_TOKEN_BYTES)

    def use(self, token: str) -> bool:
        """Tell whether a token is the right one, and use it up if so."""
        is_right = bool(self.token) and hmac.compare_digest(token.encode(), self.token.encode())
        if is_right:
            self.token = ""
        return is_right

    @property
    def cookie(self) -> str:
        """Return the Set-Cookie header of the session."""
        return f"{self.cookie_name}={self._session}; HttpOnly; SameSite=Strict; Path=/"

    def knows(self, cookies: str) -> bool:
        """Tell whether a Cookie header holds the session."""
        for pair in cookies.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == self.cookie_name:
                return hmac.compare_digest(value.encode(), self._session.encode())
        return False


class Guard:
    """ASGI middleware that lets only the person's own requests through.

    Parameters
    ----------
    app : ASGI application
    keys : Keys
    refusals : mapping of int to str
        What the pages of status 400, 403 and 413 say, as plain text.
    """

    def __init__(self, app: App, keys: Keys, refusals: Mapping[int, str]) -> None:
        self.app = app
        self.keys = keys
        self.refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request and pass it on, or refuse it."""
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if _host_name(headers.get("host", "")) not in HOSTS:
            await self._refuse(send, 400)
            return
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["method"] == "GET" and token and self.keys.use(token):
            await _answer(send, 303, {"location": "/", "set-cookie": self.keys.cookie})
            return
        is_known = self.keys.knows(headers.get("cookie", ""))
        reads = scope["method"] in ("GET", "HEAD")
        if not is_known or not (reads or _is_own_page(headers)):
            await self._refuse(send, 403)
            return
        length = headers.get("content-length", "0" if reads else "")
        if not length.isdigit() or int(length) > MAX_BODY:
            await self._refuse(send, 413)
            return
        await self.app(scope, receive, _with_headers(send))

    async def _refuse(self, send: Send, status: int) -> None:
        """Say why a request is refused."""
        text = self.refusals[status].encode()
        await _answer(send, status, {"content-type": "text/plain; charset=utf-8"}, text)


def _host_name(host: str) -> str:
    """Return the name in a Host header, without the port."""
    return host.rsplit(":", 1)[0].lower() if ":" in host else host.lower()


def _is_own_page(headers: Mapping[str, str]) -> bool:
    """Tell whether the browser says that one of our own pages sends the request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin") == f"http://{headers.get('host', '')}"


async def _answer(send: Send, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
    """Send a whole answer with the headers every answer has."""
    every = [(k.encode(), v.encode()) for k, v in {**HEADERS, **headers}.items()]
    every.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": every})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Send) -> Send:
    """Add the headers every answer has to what the application sends."""

    async def sends(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            extra = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
            message["headers"] = [*message.get("headers", []), *extra]
        await send(message)

    return sends
