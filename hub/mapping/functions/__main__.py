"""Prints the reference page of the functions: `python -m hub.mapping.functions`."""

from __future__ import annotations

import sys

from hub.mapping.functions import reference

sys.stdout.write(reference())
