"""Questions to one repository of a registry, and its answers: login, redirects, pauses, and what failures mean."""

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from layerviz import __version__
from layerviz.images.problems import ImageProblem
from layerviz.images.registry.access import Access
from layerviz.images.registry.certificates import context_of
from layerviz.images.registry.endpoint import Endpoint, is_loopback, may_be_plain
from layerviz.images.registry.together import Watch

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")

_MOST_REDIRECTS = 5
_MOST_LOGINS = 2
_CONNECT_S = 10.0
_LARGEST_TOKEN_BYTES = 1 << 20
_REDIRECTS = (301, 302, 303, 307, 308)
_MAY_PASS = (408, 500, 502, 503, 504)


class Interrupted(Exception):
    """A failure that may pass: `problem` is what to say if it does not, `pause_s` what the registry asks for."""

    def __init__(self, problem: ImageProblem, pause_s: float | None = None) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.pause_s = pause_s


class Tries:
    """The tries that are left for one document. None begins later than a silence may last, counted from when something
    last came of it."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.renew()

    def renew(self) -> None:
        """As many as in the beginning, since the last one brought much."""
        self._pauses = list(self._watch.patience.pauses_s)
        self.came()

    def came(self) -> None:
        """The last one brought something."""
        self._until = time.monotonic() + self._watch.patience.silence_s

    def again(self, cut: Interrupted) -> None:
        """Waits for the next try. Raises the problem where there is none left."""
        if not self._pauses:
            raise cut.problem
        pause = max(self._pauses.pop(0), cut.pause_s or 0.0)
        if time.monotonic() + pause > self._until:
            raise cut.problem
        self._watch.pause(pause)


class Document(NamedTuple):
    """What was sent, and the digest that the registry says it has, if it says so."""

    data: bytes
    digest: str


class Client:
    """Reads from `repository` of the registry at `endpoint`; used by several threads at once."""

    def __init__(self, endpoint: Endpoint, repository: str, watch: Watch) -> None:
        self.where = f"{endpoint.host}/{repository}"
        self._endpoint = endpoint
        self._base = f"{endpoint.url}/v2/{repository}"
        self._watch = watch
        self._lock = threading.Lock()
        self._connected: httpx2.Client | None = None
        self._access = Access(endpoint.host, repository, self.where, self._ask_for_token)

    def close(self) -> None:
        if self._connected:
            self._connected.close()

    @contextmanager
    def answer(
        self, path: str, where: str, missing: ImageProblem, headers: Mapping[str, str] | None = None
    ) -> Iterator["httpx2.Response"]:
        """The answer to GET `path` of the repository, its body still to be read; its status is 200, 206 or 416.

        Raises `Interrupted` or `ImageProblem`, `missing` for a 404; also for what goes wrong in the `with` block.
        """
        with self._translated(where):
            response = self._let_in(f"{self._base}/{path}", dict(headers or {}), where)
            with closing(response):
                if response.status_code == 404:
                    raise missing
                if response.status_code not in (200, 206, 416):
                    raise self._failure(response, where)
                packed = response.headers.get("Content-Encoding", "identity")
                if packed != "identity":
                    # Nobody asked for that, and digests are those of the bytes as they are.
                    raise ImageProblem(where, "registry_packed", {"encoding": ascii(packed[:40])})
                yield response

    def document(
        self, path: str, where: str, missing: ImageProblem, headers: Mapping[str, str], limit_bytes: int
    ) -> Document:
        """A whole small answer. Raises `ImageProblem`."""

        def read() -> Document:
            with self.answer(path, where, missing, headers) as response:
                data = self._whole(response, where, limit_bytes)
                return Document(data, response.headers.get("Docker-Content-Digest", ""))

        return self._until_it_works(read)

    def _ask_for_token(self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None) -> bytes:
        where = f"{self.where}, {urlsplit(url).netloc}"

        def read() -> bytes:
            with self._translated(where):
                response = self._send("POST" if form else "GET", url, dict(headers), form)
                with closing(response):
                    if response.status_code in (400, 401, 403):
                        raise self._access.refused()
                    if response.status_code != 200:
                        raise self._failure(response, where)
                    return self._whole(response, where, _LARGEST_TOKEN_BYTES)

        return self._until_it_works(read)

    def _until_it_works(self, read: Callable[[], T]) -> T:
        tries = Tries(self._watch)
        while True:
            try:
                return read()
            except Interrupted as cut:
                tries.again(cut)

    def _let_in(self, url: str, headers: dict[str, str], where: str) -> "httpx2.Response":
        """The answer behind the registry's login."""
        import httpx2

        logins = 0
        while True:
            used = self._access.header
            response = self._followed(url, {**headers, **({"Authorization": used} if used else {})}, where)
            if response.status_code != 401:
                return response
            response.close()
            if response.url.netloc != httpx2.URL(self._endpoint.url).netloc:
                # Where a redirect has led nobody gets to see one's login.
                raise ImageProblem(where, "registry_status", {"status": 401})
            if logins == _MOST_LOGINS:
                raise self._access.refused()
            self._access.renew(used, response.headers.get_list("WWW-Authenticate"))
            logins += 1

    def _followed(self, url: str, headers: dict[str, str], where: str) -> "httpx2.Response":
        """The answer at the end of redirects. Authorization stays with the host that it was for."""
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._send("GET", url, headers)
            target = response.headers.get("Location", "")
            if response.status_code not in _REDIRECTS or not target:
                return response
            response.close()
            before, url = url, urljoin(url, target)
            parts = urlsplit(url)
            if parts.scheme != "https" and not (parts.scheme == "http" and _plain_all_the_way(before, url)):
                raise ImageProblem(where, "registry_redirect", {"target": ascii(target[:200])})
            if urlsplit(before)[:2] != parts[:2]:
                headers = {name: value for name, value in headers.items() if name != "Authorization"}
        raise ImageProblem(where, "registry_redirect", {"target": ascii(target[:200])})

    def _http(self) -> "httpx2.Client":
        """Made when it is needed: an image that is named by its digest may lie in the cache already."""
        with self._lock:
            if self._connected is None:
                import httpx2

                silence = self._watch.patience.silence_s
                try:
                    self._connected = httpx2.Client(
                        headers={"User-Agent": f"layerviz/{__version__}", "Accept-Encoding": "identity"},
                        verify=_trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
                        timeout=httpx2.Timeout(silence, connect=min(silence, _CONNECT_S), pool=None),
                        mounts=_ways(self._endpoint),
                    )
                except ImportError:
                    raise ImageProblem(self.where, "registry_proxy", {"reason": "SOCKS"}) from None
                except (ValueError, httpx2.InvalidURL) as error:
                    raise ImageProblem(self.where, "registry_proxy", {"reason": str(error)}) from None
            return self._connected

    def _send(
        self, method: str, url: str, headers: dict[str, str], form: Mapping[str, str] | None = None
    ) -> "httpx2.Response":
        self._watch.go_on()
        http = self._http()
        request = http.build_request(
            method, url, headers=headers, data=dict(form) if form else None, extensions={"trace": self._watch.traced}
        )
        response = http.send(request, stream=True)
        self._watch.sign()
        return response

    def _whole(self, response: "httpx2.Response", where: str, limit_bytes: int) -> bytes:
        began = time.monotonic()
        data = bytearray()
        for piece in response.iter_raw():
            data += piece
            if len(data) > limit_bytes:
                raise ImageProblem(where, "registry_too_large", {"limit": limit_bytes})
            if time.monotonic() - began > self._watch.patience.silence_s:
                # A few bytes now and then are no silence, but this is no download either.
                raise self._watch.silence(where)
        return bytes(data)

    def _failure(self, response: "httpx2.Response", where: str) -> Exception:
        status = response.status_code
        if status == 403:
            return ImageProblem(where, "registry_forbidden")
        if status == 429:
            pause = _retry_after(response.headers.get("Retry-After", ""))
            return Interrupted(ImageProblem(where, "registry_busy", {"seconds": f"{pause or 60:.0f}"}), pause)
        if status in _MAY_PASS:
            pause = _retry_after(response.headers.get("Retry-After", ""))
            return Interrupted(ImageProblem(where, "registry_failed", {"status": status}), pause)
        return ImageProblem(where, "registry_status", {"status": status})

    @contextmanager
    def _translated(self, where: str) -> Iterator[None]:
        import httpx2

        try:
            yield
        except httpx2.ConnectTimeout:
            self._watch.go_on()
            raise ImageProblem(where, "registry_unreachable", {"reason": f"{_CONNECT_S:g} s"}) from None
        except httpx2.TimeoutException:
            self._watch.go_on()
            raise self._watch.silence(where) from None
        except httpx2.ProxyError as error:
            raise ImageProblem(where, "registry_proxy", {"reason": _reason(error)}) from None
        except httpx2.ConnectError as error:
            if _of_tls(error):
                raise ImageProblem(where, "registry_tls", {"reason": _reason(error)}) from None
            raise ImageProblem(where, "registry_unreachable", {"reason": _reason(error)}) from None
        except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError) as error:
            # An ended connection may be one that was ended from here.
            self._watch.go_on()
            raise Interrupted(ImageProblem(where, "registry_hung_up", {"reason": _reason(error)})) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ImageProblem(where, "registry_unreachable", {"reason": _reason(error)}) from None


def _ways(endpoint: Endpoint) -> "dict[str, httpx2.BaseTransport | None]":
    """How to reach the registry itself, where that is another way than to reach all else: nobody else is shown one's
    certificate."""
    import httpx2

    ways: dict[str, httpx2.BaseTransport | None] = {}
    # Docker too never goes through a proxy to its own machine.
    direct = is_loopback(endpoint.host)
    if direct:
        ways[f"all://{endpoint.host}"] = None
    parts = urlsplit(endpoint.url)
    context = context_of(endpoint.host) if parts.scheme == "https" else None
    if context is not None:
        proxies = {} if direct or proxy_bypass(parts.hostname or "") else getproxies()
        proxy = proxies.get("https") or proxies.get("all")
        ways[f"https://{parts.netloc}"] = httpx2.HTTPTransport(verify=context, proxy=proxy)
    return ways


@lru_cache(maxsize=1)
def _trusted(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The certificates that count, of the system or of those variables; to load them takes a tenth of a second."""
    import httpx2

    return httpx2.create_ssl_context()


def _plain_all_the_way(before: str, after: str) -> bool:
    return urlsplit(before).scheme == "http" and may_be_plain(urlsplit(after).netloc)


def _of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _retry_after(text: str) -> float | None:
    """Seconds, or a date (RFC 9110, 10.2.3)."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (then - datetime.now(UTC)).total_seconds()) if then.tzinfo else None
