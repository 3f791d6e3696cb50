"""Lookup in tables, and codes that are the same everywhere."""

from __future__ import annotations

from hub.mapping.functions.contract import FAILS, Apply, Example, Function, Setting, Unfit, always, text_of

# ISO 639-2 has two codes for these languages; the terminological one is also the ISO 639-3 code and what ZGW uses.
_BIBLIOGRAPHIC = {
    "alb": "sqi",
    "arm": "hye",
    "baq": "eus",
    "bur": "mya",
    "chi": "zho",
    "cze": "ces",
    "dut": "nld",
    "fre": "fra",
    "geo": "kat",
    "ger": "deu",
    "gre": "ell",
    "ice": "isl",
    "mac": "mkd",
    "mao": "mri",
    "may": "msa",
    "per": "fas",
    "rum": "ron",
    "slo": "slk",
    "tib": "bod",
    "wel": "cym",
}
# ISO 639-1 to ISO 639-2 (terminological), in pairs.
_LETTERS = """
aa aar ab abk ae ave af afr ak aka am amh an arg ar ara as asm av ava ay aym az aze ba bak be bel bg bul bh bih bi bis
bm bam bn ben bo bod br bre bs bos ca cat ce che ch cha co cos cr cre cs ces cu chu cv chv cy cym da dan de deu dv div
dz dzo ee ewe el ell en eng eo epo es spa et est eu eus fa fas ff ful fi fin fj fij fo fao fr fra fy fry ga gle gd gla
gl glg gn grn gu guj gv glv ha hau he heb hi hin ho hmo hr hrv ht hat hu hun hy hye hz her ia ina id ind ie ile ig ibo
ii iii ik ipk io ido is isl it ita iu iku ja jpn jv jav ka kat kg kon ki kik kj kua kk kaz kl kal km khm kn kan ko kor
kr kau ks kas ku kur kv kom kw cor ky kir la lat lb ltz lg lug li lim ln lin lo lao lt lit lu lub lv lav mg mlg mh mah
mi mri mk mkd ml mal mn mon mr mar ms msa mt mlt my mya na nau nb nob nd nde ne nep ng ndo nl nld nn nno no nor nr nbl
nv nav ny nya oc oci oj oji om orm or ori os oss pa pan pi pli pl pol ps pus pt por qu que rm roh rn run ro ron ru rus
rw kin sa san sc srd sd snd se sme sg sag si sin sk slk sl slv sm smo sn sna so som sq sqi sr srp ss ssw st sot su sun
sv swe sw swa ta tam te tel tg tgk th tha ti tir tk tuk tl tgl tn tsn to ton tr tur ts tso tt tat tw twi ty tah ug uig
uk ukr ur urd uz uzb ve ven vi vie vo vol wa wln wo wol xh xho yi yid yo yor za zha zh zho zu zul
"""
_THREE = dict(zip(_LETTERS.split()[::2], _LETTERS.split()[1::2], strict=True))
_TWO = {three: two for two, three in _THREE.items()}
_TWO_LETTERS, _THREE_LETTERS = 2, 3
_XML_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _code(table: dict[str, str], otherwise: str = "fail") -> Apply:
    def apply(value: object) -> str | None:
        text = text_of(value)
        found = table.get(text)
        if found is not None:
            return found
        if otherwise == "fail":
            raise Unfit("the code is not in the table")
        return text if otherwise == "keep" else None

    return apply


def _code_terug(table: dict[str, str], otherwise: str = "fail") -> Apply:
    # Where several values have one code, the first line of the table is written back.
    back: dict[str, str] = {}
    for one, other in table.items():
        back.setdefault(other, one)
    return _code(back, otherwise)


def _naar_stuf_indicatie(value: object) -> str:
    if not isinstance(value, bool):
        raise Unfit("this is not true or false")
    return "J" if value else "N"


def _xml_boolean(value: object) -> bool:
    text = text_of(value)
    if text not in _XML_BOOLEANS:
        raise Unfit("this is not true, false, 1 or 0")
    return _XML_BOOLEANS[text]


def _naar_xml_boolean(value: object) -> str:
    if not isinstance(value, bool):
        raise Unfit("this is not true or false")
    return "true" if value else "false"


def _stuf_indicatie(value: object) -> bool:
    text = text_of(value)
    if text not in {"J", "N"}:
        raise Unfit("an indicatie is J or N")
    return text == "J"


def _taal(value: object) -> str:
    text = text_of(value).lower()
    if len(text) == _TWO_LETTERS and text in _THREE:
        return _THREE[text]
    # Some 300 languages have three letters only: any three letters pass.
    if len(text) == _THREE_LETTERS and text.isascii() and text.isalpha():
        return _BIBLIOGRAPHIC.get(text, text)
    raise Unfit("this is not a language code of ISO 639")


def _taal_twee_letters(value: object) -> str:
    three = _taal(value)
    if three not in _TWO:
        raise Unfit("this language has no code of two letters")
    return _TWO[three]


FUNCTIONS = (
    Function(
        "code",
        "The value beside this one in a lookup table (`_codes/<table>.csv`); an unknown value is refused.",
        "text",
        "text",
        _code,
        (
            Example("J", "vernietigen", {"table": {"J": "vernietigen"}}),
            Example("X", FAILS, {"table": {"J": "vernietigen"}}),
            Example("X", None, {"table": {"J": "vernietigen"}, "otherwise": "omit"}),
            Example("X", "X", {"table": {"J": "vernietigen"}, "otherwise": "keep"}),
        ),
        settings=(
            Setting("table", "name of the lookup table", "table", required=True),
            Setting("otherwise", "what to do with an unknown value; fail when not given", ("fail", "omit", "keep")),
        ),
        inverse="code-terug",
    ),
    Function(
        "code-terug",
        "The value before this one in a lookup table: `code` backwards; of several, that of the first line.",
        "text",
        "text",
        _code_terug,
        (
            Example("vernietigen", "J", {"table": {"J": "vernietigen"}}),
            Example("bv", "B.V.", {"table": {"B.V.": "bv", "BV": "bv"}}),
            Example("J", FAILS, {"table": {"J": "vernietigen"}}),
            Example("X", "X", {"table": {"J": "vernietigen"}, "otherwise": "keep"}),
        ),
        settings=(
            Setting("table", "name of the lookup table", "table", required=True),
            Setting("otherwise", "what to do with an unknown value; fail when not given", ("fail", "omit", "keep")),
        ),
        inverse="code",
    ),
    Function(
        "stuf-indicatie",
        "J or N as true or false (StUF 03.01 §6: not xs:boolean).",
        "text",
        "boolean",
        always(_stuf_indicatie),
        (Example("J", True), Example("N", False), Example("true", FAILS)),
        inverse="naar-stuf-indicatie",
    ),
    Function(
        "naar-stuf-indicatie",
        "True or false as J or N.",
        "boolean",
        "text",
        always(_naar_stuf_indicatie),
        (Example(given=True, gives="J"), Example(given=False, gives="N"), Example("J", FAILS)),
        inverse="stuf-indicatie",
    ),
    Function(
        "xml-boolean",
        "A boolean of XML Schema (true, false, 1, 0) as true or false.",
        "text",
        "boolean",
        always(_xml_boolean),
        (Example("true", True), Example("0", False), Example("J", FAILS)),
        inverse="naar-xml-boolean",
    ),
    Function(
        "naar-xml-boolean",
        "True or false as a boolean of XML Schema.",
        "boolean",
        "text",
        always(_naar_xml_boolean),
        (Example(given=True, gives="true"), Example(given=False, gives="false"), Example("true", FAILS)),
        inverse="xml-boolean",
    ),
    Function(
        "taal",
        "A language code of two or three letters as three letters of ISO 639-2 (terminological).",
        "text",
        "text",
        always(_taal),
        (Example("nl", "nld"), Example("DUT", "nld"), Example("fil", "fil"), Example("q1", FAILS)),
        inverse="taal",
    ),
    Function(
        "taal-twee-letters",
        "A language code of two or three letters as two letters of ISO 639-1.",
        "text",
        "text",
        always(_taal_twee_letters),
        (Example("nld", "nl"), Example("dut", "nl"), Example("fil", FAILS)),
        inverse="taal",
    ),
)
