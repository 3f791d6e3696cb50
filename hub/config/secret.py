"""A secret in a configuration: from the environment, never empty, never shown."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, SecretStr


def _filled(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value():
        raise ValueError("must not be empty")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_filled)]
"""Prints as `***`; `${NAME}` in a file is filled from the environment."""
