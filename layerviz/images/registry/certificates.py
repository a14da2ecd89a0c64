"""Certificates of single registries, where docker and podman look for them: `<folder>/HOST[:PORT]/` with `*.crt` of
authorities, `*.cert` and `*.key` of one's own (docs.docker.com/engine/security/certificates, containers-certs.d(5)).
"""

import os
import ssl
from pathlib import Path

from layerviz.images.problems import ImageProblem


def folders() -> tuple[Path, ...]:
    """Where each registry may have a folder; the first that is there counts."""
    own = Path.home() / ".config"
    system = Path("/etc")
    return (
        own / "containers/certs.d",
        own / "docker/certs.d",
        system / "containers/certs.d",
        system / "docker/certs.d",
    )


def context_of(host: str) -> ssl.SSLContext | None:
    """What that registry is trusted by, besides the system's certificates, and what one shows it; None where it has no
    folder. Raises `ImageProblem`."""
    if os.sep in host or host in ("", ".", ".."):
        return None
    folder = next((one / host for one in folders() if (one / host).is_dir()), None)
    if folder is None:
        return None
    import httpx2

    context = httpx2.create_ssl_context()
    file = folder
    try:
        for file in sorted(folder.iterdir()):
            if file.suffix == ".crt":
                context.load_verify_locations(file)
            elif file.suffix == ".cert":
                context.load_cert_chain(file, file.with_suffix(".key"))
    except OSError as error:
        # Those of OpenSSL are some, too.
        raise ImageProblem(
            host, "registry_certificate", {"file": file, "reason": error.strerror or str(error)}
        ) from None
    return context
