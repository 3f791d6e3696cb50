"""From the setting `ZAAKHUB_PAYLOADS` to a payload store."""

from __future__ import annotations

from pathlib import Path

from hub.errors import ConfigurationWrong
from hub.payloads.contract import Payloads
from hub.payloads.files import FilePayloads

_SETTING = "ZAAKHUB_PAYLOADS"


def open_payloads(url: str) -> Payloads:
    """Open the store of `file:<folder>`; raises ConfigurationWrong."""
    scheme, _, folder = url.partition(":")
    if scheme != "file" or not folder:
        raise ConfigurationWrong("must be file:<folder>", file=_SETTING)
    try:
        return FilePayloads(Path(folder))
    except OSError as error:
        raise ConfigurationWrong(f"the folder cannot be used: {error.strerror}", file=_SETTING) from None
