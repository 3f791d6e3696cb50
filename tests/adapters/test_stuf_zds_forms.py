"""adapters/stuf_zds/forms.py: the forms of its messages, and that every message from practice fits them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from adapters.stuf_zds.forms import forms
from adapters.stuf_zds.services import SERVICES
from hub.ports.registry import Registry
from hub.wire.form import Form
from hub.wire.stuf.kennisgeving import fold
from hub.wire.xml import local_name
from tests.support.samples import Sample, to_deliver
from tests.support.shared import cases_of

ZAAK = """\
    identificatie omschrijving toelichting kenmerk anderZaakObject resultaat startdatum registratiedatum publicatiedatum
    einddatumGepland uiterlijkeEinddatum einddatum opschorting verlenging betalingsIndicatie laatsteBetaaldatum
    archiefnominatie datumVernietigingDossier zaakniveau deelzakenIndicatie tijdvakGeldigheid tijdstipRegistratie
    extraElementen isVan heeftBetrekkingOp heeftAlsBelanghebbende heeftAlsGemachtigde heeftAlsInitiator
    heeftAlsUitvoerende heeftAlsVerantwoordelijke heeftAlsOverigBetrokkene heeftAlsDeelzaak heeftBetrekkingOpAndere
    heeft leidtTot
"""


def test_every_service_has_a_form() -> None:
    """The registry gives them; an adapter without forms has none."""
    registry = Registry()

    kinds = [name for each in SERVICES for name in (each.kind, each.antwoord) if name]
    assert list(registry.forms("stuf_zds")) == kinds
    assert registry.forms("zgw") == {}


def test_a_zaak_has_its_elements_in_the_order_of_the_standard() -> None:
    """StUF-ZKN 03.10: another order is refused by every receiver."""
    zaak = forms()["creeerZaak_Lk01"].children["object"]

    assert list(zaak.children) == ZAAK.split()
    assert zaak.attributes["entiteittype"].fixed == "ZAK"


def test_a_mapping_reads_one_object_and_what_was_there_before() -> None:
    """`oud` stands in relations and beside the object, where the adapter puts it."""
    message = forms()["updateZaak_Lk01"]
    relation = message.children["object"].children["heeftAlsInitiator"]

    assert list(message.children) == ["stuurgegevens", "parameters", "object", "oud"]
    assert not message.children["object"].many
    assert list(message.children["oud"].children) == ["identificatie"]
    assert [*relation.children["oud"].children, "oud"] == list(relation.children)
    assert message.children["oud"].read_only
    assert "oud" not in message.children["object"].children["kenmerk"].children


def test_a_kennisgeving_in_a_free_message_is_read_as_any_other() -> None:
    """ZDS puts an edcLk02 with two objects in updateZaakdocument and ontkoppelZaakdocument."""
    for kind in ("updateZaakdocument_Di02", "ontkoppelZaakdocument_Di02"):
        inside = forms()[kind].children["edcLk02"]

        assert list(inside.children) == ["parameters", "object", "oud"]
        assert not inside.children["object"].many
        assert inside.attributes["functie"].fixed == "update"


def test_in_a_question_everything_stands_once() -> None:
    """A criterion and a wish are named once; in the answer there may be many."""
    question, answer = forms()["geefZaakdetails_Lv01"], forms()["geefZaakdetails_La01"]

    assert question.children["gelijk"].children["heeft"].below("gerelateerde") is not None
    assert not question.children["gelijk"].children["heeft"].many
    assert not question.children["scope"].children["object"].children["heeftAlsInitiator"].many
    assert answer.children["antwoord"].children["object"].many
    assert answer.children["antwoord"].children["object"].children["heeft"].many


def test_what_only_one_version_of_a_message_holds_can_be_read() -> None:
    """ZDS 1.2 gave genereerDocumentIdentificatie parameters; a mapping reads both versions by one form."""
    assert list(forms()["genereerDocumentIdentificatie_Di02"].children) == ["stuurgegevens", "parameters"]


@pytest.mark.parametrize("kind", sorted(forms()))
def test_the_stuurgegevens_are_not_for_a_mapping_to_write(kind: str) -> None:
    """The adapter knows sender, receiver, number and time."""
    assert forms()[kind].children["stuurgegevens"].read_only


def test_what_stuf_bg_does_not_define_here_is_written_in_its_namespace() -> None:
    """An address of a rol stands in StUF-ZKN and holds elements of StUF-BG."""
    relation = forms()["creeerZaak_Lk01"].children["object"].children["heeftAlsInitiator"]
    postcode = relation.children["afwijkendCorrespondentieAdres"].below("aoa.postcode")

    assert relation.namespace.endswith("/zkn/0310")
    assert postcode is not None
    assert postcode.namespace.endswith("/bg/0310")
    assert postcode.attributes["noValue"].namespace.endswith("/StUF0301")
    assert postcode.nillable


@pytest.mark.parametrize("sample", cases_of(to_deliver(), lambda each: each.name))
def test_a_sample_fits_its_form(sample: Sample) -> None:
    """Every element and attribute of a message that the official schema accepts is in the form, in its namespace."""
    message = sample.message().element
    fold(message)

    assert list(_strange(message, forms()[sample.service], local_name(message))) == []


def _strange(element: etree._Element, form: Form, path: str) -> Iterator[str]:
    for name in map(str, element.attrib):
        known = name.startswith("{http://www.w3.org/2001/XMLSchema-instance}") or form.loose
        if not known and name.rpartition("}")[2] not in form.attributes:
            yield f"{path}/@{name}"
    if (element.text or "").strip() and not form.value:
        yield f"{path}: text"
    for child in element.iterchildren("{*}*"):
        name = local_name(child)
        below = form.below(name)
        if below is None:
            yield f"{path}/{name}"
        else:
            yield from _strange(child, below, f"{path}/{name}")
