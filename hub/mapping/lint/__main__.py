"""Prints the reference page of lint: `python -m hub.mapping.lint`."""

from __future__ import annotations

import sys

from hub.mapping.lint.findings import reference

sys.stdout.write(reference())
