"""A visitor's own file of one kind: opened once, kept in the session, and given back by the tab where it was lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dark_core.app.runtime import upload_recovery
from dark_core.app.runtime.streamlit_patches import forget_upload, upload_bytes
from dark_core.errors import InputError


@dataclass(frozen=True)
class OwnFile:
    """kind: as in upload_recovery.MOST; key: where the session keeps what ``make`` gives.

    make: (bytes, name, id of the upload) to an object with that id as ``upload``; raises InputError. refusal: the
    sentence for such an error. beside: keys of the session that go with the file.
    """

    kind: str
    key: str
    make: Callable[[bytes, str, str], Any]
    refusal: Callable[[InputError], str]
    beside: tuple[str, ...] = ()

    def taken(self, given) -> tuple[Any, str]:
        """(what the session holds or None, complaint): of the uploader's file, or of the one that the tab kept."""
        if again := upload_recovery.handed(self.kind):
            self._take(again[0])
            upload_recovery.used(self.kind)
        complaint = self._take(given) if given is not None else ""
        return st.session_state.get(self.key), complaint

    def forget(self) -> None:
        """A new choice, or none any more: the file of before goes."""
        self._drop()
        upload_recovery.dropped(self.kind)
        st.session_state.pop(self._refused, None)

    @property
    def _refused(self) -> str:
        return f"refused_{self.kind}"

    def _take(self, given) -> str:
        """Keep an upload in the session; returns one sentence if it cannot be read. Looks at each upload once."""
        own, refused = st.session_state.get(self.key), st.session_state.get(self._refused)
        if own is not None and own.upload == given.file_id:
            return ""
        if refused is not None and refused[0] == given.file_id:
            return refused[1]
        name = "".join(filter(str.isprintable, given.name.replace("\\", "/").rsplit("/", 1)[-1]))
        try:
            made = self.make(upload_bytes(given), name, given.file_id)
        except InputError as error:
            complaint = self.refusal(error)
            st.session_state[self._refused] = (given.file_id, complaint)
            upload_recovery.refused(self.kind)
            return complaint
        self._drop()
        st.session_state[self.key] = made
        upload_recovery.took(self.kind)
        return ""

    def _drop(self) -> None:
        """Let go of the file, and of what Streamlit keeps of it since the page it was chosen on was left."""
        for key in self.beside:
            st.session_state.pop(key, None)
        own = st.session_state.pop(self.key, None)
        if own is not None:
            forget_upload(own.upload)
