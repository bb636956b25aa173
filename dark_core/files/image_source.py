"""A folder of images, or a tar archive of one, in which a file of annotations names images in its own way."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote, urlsplit

from dark_core.errors import InputError


class ImageError(InputError, FileNotFoundError):
    """An image is missing or cannot be read; the message is one sentence."""


class ImageSource:
    """The images of a folder, or of a .tar, .tar.gz, .tar.bz2 or .tar.xz of one, whatever its ending is.

    Any thread may use it. A compressed archive is unpacked to a temporary file, because images are read in any order.
    Raises ImageError where ``path`` is neither a folder nor an archive.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._archive, self._unpacked = self.path, None
        if self.path.is_dir():
            self._members = None
            return
        if not self.path.exists():
            raise ImageError(f"There is no folder or tar archive of images at {self.path}: check the path.")
        try:
            with tarfile.open(self.path) as archive:
                if _is_compressed(archive):
                    self._unpacked = tempfile.TemporaryDirectory()
                    self._archive = Path(self._unpacked.name, "images.tar")
                    unpacking = cast(IO[bytes], archive.fileobj)
                    unpacking.seek(0)
                    with open(self._archive, "wb") as plain:
                        shutil.copyfileobj(unpacking, plain)
            with tarfile.open(self._archive, "r:") as archive:
                self._members = {_clean(one.name): one for one in archive if not one.isdir()}
        except (tarfile.TarError, OSError, EOFError) as error:
            raise ImageError(
                f"{self.path} is neither a folder nor a whole tar archive ({error}): unpack it, or copy it again."
            ) from error

    def find(self, name: str) -> str:
        """The image that a file of annotations calls ``name``, as ``read`` wants it.

        An image at exactly that path is taken first. Otherwise the one whose path ends in most of the name's last
        parts: the name may be a URL or a path of another machine, and the images may lie in sub-folders. Raises
        ImageError where there is none, or several that fit equally.
        """
        if self._holds(name):
            return name
        wanted = _parts(name)
        fitting = self._by_last_part.get(wanted[-1].casefold(), []) if wanted else []
        ranked = sorted(((_in_common(wanted, _parts(one)), one) for one in fitting), reverse=True)
        if not ranked:
            raise ImageError(f"There is no readable image at {self.path / name}: check --images, or add the image.")
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            raise ImageError(
                f"{name} can be {ranked[1][1]} or {ranked[0][1]} of {self.path}: write the sub-folder into file_name."
            )
        return ranked[0][1]

    @contextmanager
    def open(self, found: str) -> Iterator[IO[bytes]]:
        """The file of an image that ``find`` returned. Raises ImageError where it cannot be read, also within."""
        try:
            if self._members is None:
                with open(self.path / found, "rb") as file:
                    yield file
            else:
                with tarfile.open(self._archive, "r:") as archive:
                    member = archive.extractfile(self._members[found])
                    if member is None:
                        raise OSError("it is no plain file")
                    yield member
        except ImageError:
            raise
        except (OSError, KeyError, tarfile.TarError) as error:
            raise ImageError(f"There is no readable image at {self.path / found} ({error}): copy it again.") from error

    def read(self, found: str) -> bytes:
        """The bytes of such an image."""
        with self.open(found) as file:
            return file.read()

    def _holds(self, name: str) -> bool:
        return (self.path / name).is_file() if self._members is None else name in self._members

    @cached_property
    def _by_last_part(self) -> dict[str, list[str]]:
        """Every image by its own name without folders, in lower case."""
        if self._members is not None:
            names = list(self._members)
        else:
            names = [one.relative_to(self.path).as_posix() for one in self.path.rglob("*") if one.is_file()]
        found: dict[str, list[str]] = {}
        for name in names:
            found.setdefault(_parts(name)[-1].casefold(), []).append(name)
        return found


def _is_compressed(archive: tarfile.TarFile) -> bool:
    """Whether the archive is read through something that unpacks it."""
    return type(archive.fileobj).__module__ in ("gzip", "bz2", "lzma")


def _clean(name: str) -> str:
    """The name of a member without a leading "./"."""
    return name.removeprefix("./")


def _parts(name: str) -> list[str]:
    """A path of any system, or the path of a URL, as its parts; letters with accents are written in one way."""
    path = unquote(urlsplit(name).path) if "://" in name else name
    path = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # as a folder is listed in the C locale
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return [part for part in parts if part not in ("", ".")]


def _in_common(one: list[str], other: list[str]) -> tuple[int, int]:
    """How many last parts of two paths are equal: (whether or not in one case, in the same case)."""
    pairs = list(zip(reversed(one), reversed(other)))
    alike = [a.casefold() == b.casefold() for a, b in pairs]
    same = [a == b for a, b in pairs]
    return sum(takewhile(bool, alike)), sum(takewhile(bool, same))
