"""The rules of `admit`: what an arrival is, given what is known. Pure; it knows no database.

`Inbox` is filled with what the ledger holds on the keys of one batch, judges the arrivals in order (also against each
other) and then says what must be written.
"""

from __future__ import annotations

from typing import NamedTuple

from hub.ledger.entries import Arrival, MessageKey, Place, Verdict


class Known(NamedTuple):
    """What the inbox holds of an earlier message."""

    content_hash: str
    place: Place
    verdict: Verdict

    def had_nothing_new(self, arrival: Arrival) -> bool:
        """Say whether it is this message, and what was said of it is that it had nothing new to tell."""
        same = self.place == arrival.place or self.content_hash == arrival.content_hash
        return same and self.verdict is Verdict.DUPLICATE


class Effect(NamedTuple):
    """The latest effect under a key: the hash of what it said, and where that lay."""

    effect_hash: str
    event_id: str
    place: Place


class Inbox:
    """What is known about one batch; grows while it judges."""

    def __init__(self, keys: dict[MessageKey, Known], places: dict[Place, Known], effects: dict[str, Effect]) -> None:
        """Take what the ledger holds: by key, by place (messages without reference only) and by effect key."""
        self._keys = keys
        self._places = places
        self._effects = effects
        self._stored = frozenset(effects)
        self._latest: dict[str, Effect] = {}
        self.kept: list[tuple[Arrival, Verdict]] = []
        self.changed: list[Arrival] = []
        """Arrivals that are known as duplicates and are none any more, or that became another event than was known."""

    @property
    def effects_first(self) -> dict[str, Effect]:
        """Give the effects under keys that had none."""
        return {key: effect for key, effect in self._latest.items() if key not in self._stored}

    @property
    def effects_moved(self) -> dict[str, Effect]:
        """Give the effects under keys that had another."""
        return {key: effect for key, effect in self._latest.items() if key in self._stored}

    def judge(self, arrival: Arrival) -> Verdict:
        """Apply the rules of the contract, first that fits."""
        if arrival.sent_again:
            self._move(arrival)
            return Verdict.NEW
        known = self._keys.get(arrival.key) if arrival.key.reference else self._places.get(arrival.place)
        again = known is not None and arrival.asked_again and known.had_nothing_new(arrival)
        if known is not None and not again:
            verdict = _judge_known(arrival, known)
            if verdict is Verdict.AGAIN and self._says_otherwise(arrival):
                self._move(arrival)
                self.changed.append(arrival)
            return verdict
        effect = self._effects.get(arrival.effect_key)
        if effect is not None and effect.effect_hash == arrival.effect_hash and effect.place != arrival.place:
            if again:
                return Verdict.DUPLICATE
            # What becomes of the resend is what becomes of the event that is there already.
            return self._keep(arrival._replace(event_id=effect.event_id), Verdict.DUPLICATE)
        self._move(arrival)
        if again:
            self.changed.append(arrival)
            return self._know(arrival, Verdict.NEW)
        return self._keep(arrival, Verdict.NEW)

    def _says_otherwise(self, arrival: Arrival) -> bool:
        """Say whether the latest effect is its own, and what it says is other by now: it was fetched once more."""
        effect = self._effects.get(arrival.effect_key)
        return effect is not None and effect.place == arrival.place and effect.effect_hash != arrival.effect_hash

    def _move(self, arrival: Arrival) -> None:
        latest = Effect(arrival.effect_hash, arrival.event_id, arrival.place)
        self._effects[arrival.effect_key] = self._latest[arrival.effect_key] = latest

    def _keep(self, arrival: Arrival, verdict: Verdict) -> Verdict:
        self.kept.append((arrival, verdict))
        return self._know(arrival, verdict)

    def _know(self, arrival: Arrival, verdict: Verdict) -> Verdict:
        known = Known(arrival.content_hash, arrival.place, verdict)
        if arrival.key.reference:
            self._keys[arrival.key] = known
        else:
            self._places[arrival.place] = known
        return verdict


def _judge_known(arrival: Arrival, known: Known) -> Verdict:
    if known.place == arrival.place:
        # Only what became an event is published again: a duplicate that the bus hands out twice stays a duplicate.
        return Verdict.AGAIN if known.verdict is Verdict.NEW else Verdict.DUPLICATE
    return Verdict.DUPLICATE if known.content_hash == arrival.content_hash else Verdict.CONFLICT
