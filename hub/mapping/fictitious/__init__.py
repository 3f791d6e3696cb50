"""A real message to one that can be kept: persons, addresses and numbers replaced, the rest as it was."""
