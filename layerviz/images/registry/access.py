"""The right to read a repository: from a registry's challenge and one's login to the header that opens it.

Basic (RFC 7617) and the tokens of distribution's token servers (distribution, docs/spec/auth/{token,oauth}.md).
"""

import threading
from base64 import b64encode
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from layerviz.images.documents import UNREADABLE
from layerviz.images.problems import ImageProblem
from layerviz.images.registry.challenge import Challenge, challenges
from layerviz.images.registry.credentials import Credentials, credentials
from layerviz.images.registry.endpoint import may_be_plain


class Asking(Protocol):
    """Reads a small document: with `form` by POST, else by GET. Raises `ImageProblem`."""

    def __call__(self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None) -> bytes: ...


class _Token(msgspec.Struct):
    token: str | None = None
    access_token: str | None = None


class Access:
    """The header `Authorization` for one repository, shared by the threads that read from it."""

    def __init__(self, host: str, repository: str, where: str, ask: Asking) -> None:
        self._host = host
        self._repository = repository
        self._where = where
        self._ask = ask
        self._lock = threading.Lock()
        self._login: Credentials | None = None
        self._trouble: ImageProblem | None = None
        self._looked = False
        self.header: str | None = None

    def renew(self, used: str | None, asked_for: list[str]) -> None:
        """A new header after a 401 with the challenges `asked_for` to a request that carried `used`.

        Raises `ImageProblem` where there is no login, or it opens nothing.
        """
        with self._lock:
            if self.header != used:
                return  # Another thread has been here in the meantime.
            schemes = {one.scheme: one for one in reversed(challenges(asked_for))}
            if "bearer" in schemes:
                self.header = f"Bearer {self._token(schemes['bearer'])}"
            elif "basic" in schemes:
                self.header = self._basic(used)
            else:
                raise ImageProblem(self._where, "registry_scheme", {"schemes": ", ".join(schemes) or "-"})

    def refused(self) -> ImageProblem:
        """What to say where the registry does not open with all that one has."""
        if self._trouble is not None:
            return self._trouble
        if self._login is None:
            return ImageProblem(self._where, "registry_login", {"host": self._host})
        return ImageProblem(self._where, "registry_refused", {"host": self._host, "user": self._login.user or "token"})

    def _basic(self, used: str | None) -> str:
        login = self._credentials()
        header = _basic(login) if login and login.user else None
        if header is None or header == used:
            raise self.refused()
        return header

    def _credentials(self) -> Credentials | None:
        if not self._looked:
            self._looked = True
            try:
                self._login = credentials(self._host, self._repository)
            except ImageProblem as trouble:
                # Most of what is public can be had without: it is told when that fails.
                self._trouble = trouble
        return self._login

    def _token(self, challenge: Challenge) -> str:
        realm = self._realm(challenge.parameters.get("realm", ""))
        wanted = {name: challenge.parameters[name] for name in ("service", "scope") if name in challenge.parameters}
        login = self._credentials()
        if login and login.identity_token:
            form = {
                "grant_type": "refresh_token",
                "client_id": "layerviz",
                "refresh_token": login.identity_token,
                **wanted,
            }
            answer = self._ask(realm, {}, form)
        else:
            parts = urlsplit(realm)
            query = urlencode([*parse_qsl(parts.query), *wanted.items()])
            headers = {"Authorization": _basic(login)} if login else {}
            answer = self._ask(urlunsplit(parts._replace(query=query)), headers, None)
        try:
            said = msgspec.json.decode(answer, type=_Token)
        except UNREADABLE as error:
            raise ImageProblem(self._where, "registry_token", {"realm": realm, "reason": str(error)}) from None
        token = said.token or said.access_token or ""
        if not token or not token.isascii() or not token.isprintable():
            raise ImageProblem(self._where, "registry_token", {"realm": realm, "reason": "token"})
        return token

    def _realm(self, realm: str) -> str:
        """Where tokens are given out; one's password goes there, so never without TLS."""
        try:
            parts = urlsplit(realm)
            safe = parts.scheme == "https" or (parts.scheme == "http" and may_be_plain(parts.netloc))
        except ValueError:
            safe = False
        if not safe:
            raise ImageProblem(self._where, "registry_token", {"realm": ascii(realm), "reason": "https"})
        return realm


def _basic(login: Credentials) -> str:
    return f"Basic {b64encode(f'{login.user}:{login.password}'.encode()).decode()}"
