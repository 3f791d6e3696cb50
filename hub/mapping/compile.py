"""The mappings of a connection: read, resolved, laid over one another, checked; each ready to be run.

Everything is checked here, before any message comes: also every combination of a sender's and a zaaktype's layer. The
code of a combination is generated when the first message needs it. It refuses to know messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from hub import garbage
from hub.config.policy import LAYER_COMBINATIONS_MAX
from hub.mapping.engine.layers import Layers
from hub.mapping.engine.plan import Plan
from hub.mapping.engine.planner import Forms, planned
from hub.mapping.engine.program import Program
from hub.mapping.invert import Inversions, invert
from hub.mapping.lookups import only_lookups
from hub.mapping.overlay import Overlay, Which
from hub.mapping.paths import Target
from hub.mapping.read import Files, Folder
from hub.mapping.resolve import resolve
from hub.mapping.rules import Action, Fill, Reason, Sheet, wrong
from hub.mapping.run import Mapping

_NO_FORMS: Forms = {}
ZAAKTYPE = Target("zaaktype", ("zaaktype",), many=False)


def load_mappings(
    folder: Path, *, root: Path, forms: Forms = _NO_FORMS, dialects: Sequence[str] | None = None
) -> dict[str, Mapping]:
    """Read and compile every mapping of a connection; the kind of message it reads gives the mapping.

    `folder` holds `<kind>.map.yaml` and the layers over them; `root` is the folder of all connections, with `_codes/`,
    `_parts/` and `_dialects/`; `forms` are those of the connection's adapter: a mapping that gives one of them writes a
    message. `dialects` take the place of those that the connection uses.
    Raises ConfigurationWrong with file, line and column at the first mistake.
    """
    with garbage.kept():
        shelf = Folder(folder, root=root, only=dialects)
        sheets = [shelf.mapping(path) for path in shelf.mappings()]
        overlay, laid = shelf.overlay([sheet.message for sheet, _ in sheets])
        inversions = Inversions()
        return {
            sheet.message: _compiled(
                sheet, own, shelf.over(sheet, own, overlay, laid), shelf=shelf, forms=forms, inversions=inversions
            )
            for sheet, own in sheets
        }


def changed_by(dialect: str, folder: Path, *, root: Path, forms: Forms = _NO_FORMS) -> dict[str, Mapping]:
    """Compile the mappings of a connection that a pack changes, as it changes them; raises ConfigurationWrong."""
    shelf = Folder(folder, root=root, only=(dialect,))
    sheets = [shelf.mapping(path) for path in shelf.mappings()]
    overlay, laid = shelf.overlay([sheet.message for sheet, _ in sheets])
    changed, inversions = {}, Inversions()
    for sheet, files in sheets:
        over = shelf.over(sheet, files, overlay, laid)
        if over.everyone:
            changed[sheet.message] = _compiled(sheet, files, over, shelf=shelf, forms=forms, inversions=inversions)
    return changed


def mapping_of(resolved: Sheet, files: Files, forms: Forms = _NO_FORMS) -> Mapping:
    """Give a resolved sheet as a mapping of its own, without layers."""
    return _mapping(resolved, files, forms, None)


def based(sheet: Sheet, files: Files, *, shelf: Folder, forms: Forms) -> tuple[Sheet, tuple[Sheet, ...]]:
    """Give what the layers are laid over, and what is laid first: of an inversion, the rules of the file itself."""
    if not sheet.inverts:
        return sheet, ()
    other, others = shelf.inverted(sheet.inverts, sheet.place, files)
    if other.inverts:
        wrong(sheet.place, f"`{sheet.inverts}` is an inversion itself", f"write the rules, or invert {other.inverts}")
    backwards = invert(resolve(other, others), forms.get(other.message)).sheet
    head = replace(sheet, rules=backwards.rules, ignore=backwards.ignore)
    return head, (sheet,)


def _compiled(
    sheet: Sheet, files: Files, overlay: Overlay, *, shelf: Folder, forms: Forms, inversions: Inversions
) -> Mapping:
    base, first = based(sheet, files, shelf=shelf, forms=forms)
    form = forms.get(sheet.gives)
    plain = resolve(base, files, (*first, *overlay.everyone), form=form, inversions=inversions)
    if not (overlay.senders or overlay.zaaktypen):
        return _mapping(plain, files, forms, None)
    if overlay.zaaktypen and sheet.zaaktype is None:
        layer = next(iter(overlay.zaaktypen.values()))[0]
        advice = "write `zaaktype:` with the path of the zaaktype at the top of the mapping"
        wrong(layer.place, f"the mapping of `{sheet.message}` does not say where the zaaktype stands", advice)
    programs: dict[Which, Program] = {}
    for which, over in overlay.variants():
        if len(programs) == LAYER_COMBINATIONS_MAX:
            wrong(sheet.place, f"there are more than {LAYER_COMBINATIONS_MAX} combinations of layers")
        resolved = resolve(base, files, (*first, *over), form=form, inversions=inversions)
        planned(resolved, files, forms)
        make = partial(planned, resolved, files, forms)
        asking = _asking_only(resolved, files, forms)
        programs[which] = Program(make, sheet.place.file, forms.get(sheet.gives), resolved.rules, asking)
    asked = Program(partial(planned, _asking(sheet), files, {}), sheet.place.file) if overlay.zaaktypen else None
    return _mapping(plain, files, forms, Layers(overlay, programs, asked))


def _mapping(resolved: Sheet, files: Files, forms: Forms, layers: Layers | None) -> Mapping:
    plan = planned(resolved, files, forms)
    made = Mapping(
        message=resolved.message,
        gives=resolved.gives,
        revision=files.revision,
        file=resolved.place.file,
        program=Program(
            lambda: plan,
            resolved.place.file,
            forms.get(resolved.gives),
            resolved.rules,
            _asking_only(resolved, files, forms),
        ),
        layers=layers,
    )
    return replace(made, looks_up=bool(made.lookups))


def _asking_only(resolved: Sheet, files: Files, forms: Forms) -> Callable[[], Plan] | None:
    """Give the plan of the rules that look something up; None when there are none, as in most mappings."""
    rules = only_lookups(resolved.rules)
    return partial(planned, replace(resolved, rules=rules), files, forms) if rules else None


def _asking(sheet: Sheet) -> Sheet:
    """Give the mapping that finds the zaaktype in a message."""
    assert sheet.zaaktype is not None
    rule = Fill(
        place=sheet.place,
        to=ZAAKTYPE,
        sources=(sheet.zaaktype,),
        value=None,
        via=(),
        when=None,
        default=None,
        empty=dict.fromkeys(Reason, Action.OMIT),
        required=False,
    )
    return Sheet(sheet.place, (rule,), (), sheet.message, "zaaktype")
