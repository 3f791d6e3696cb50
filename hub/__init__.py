"""Zaakhub: StUF in, events on a log, ZGW and national services out."""
