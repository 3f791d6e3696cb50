"""How a message of a definition is built: its elements in their order, with namespaces, attributes and types.

Made from XSDs once, at start. Mappings are checked against it, and messages are written by it. It refuses to know
messages, mappings and files. What it does not understand of a definition it refuses, with the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from lxml import etree

from hub.errors import ConfigurationWrong
from hub.wire.xml import line_of

Children = Mapping[str, "Form"]
"""Elements by local name, in the order of the definition."""


@dataclass(frozen=True, slots=True)
class AttributeForm:
    """An attribute. `fixed` is the value it always has, if the definition prescribes one."""

    name: str
    namespace: str
    required: bool
    fixed: str = ""


class Form:
    """One element, by its local name.

    `value`: the name of its simple type, empty when it holds elements only. `many`: it may occur more than once.
    `nillable`: it may say noValue. `loose`: below it anything goes, the definition does not say what. `fixed`: the
    value it always has. `read_only`: it is in a message that was read, never in one that is written.
    """

    __slots__ = (
        "_children", "_make", "attributes", "fixed", "loose", "loose_attributes", "loose_namespace", "many", "name",
        "namespace", "nillable", "read_only", "required", "value",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        namespace: str,
        *,
        children: Callable[[], Children] = dict,
        attributes: Mapping[str, AttributeForm] = MappingProxyType({}),
        value: str = "",
        many: bool = False,
        required: bool = False,
        nillable: bool = False,
        loose: bool = False,
        loose_namespace: str = "",
        loose_attributes: Mapping[str, AttributeForm] = MappingProxyType({}),
        fixed: str = "",
        read_only: bool = False,
    ) -> None:
        """Describe an element; `children` is called once, when somebody looks below it."""
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.value = value
        self.many = many
        self.required = required
        self.nillable = nillable
        self.loose = loose
        self.loose_namespace = loose_namespace
        self.loose_attributes = loose_attributes
        self.fixed = fixed
        self.read_only = read_only
        self._make = children
        self._children: Children | None = None

    @property
    def children(self) -> Children:
        """What it may hold, in order."""
        if self._children is None:
            self._children = MappingProxyType(dict(self._make()))
        return self._children

    @property
    def bare(self) -> bool:
        """Whether it must be there and may be empty: who writes the message writes it, with or without content."""
        return (
            self.required
            and not (self.many or self.nillable or self.value or self.loose or self.read_only or self.attributes)
            and not any(each.required for each in self.children.values())
        )

    def below(self, name: str) -> Form | None:
        """Give the child of this name; where anything goes, one below which anything goes too."""
        known = self.children.get(name)
        if known is not None or not self.loose:
            return known
        return Form(
            name,
            self.loose_namespace,
            attributes=self.loose_attributes,
            value="any",
            many=True,
            nillable=True,
            loose=True,
            loose_namespace=self.loose_namespace,
            loose_attributes=self.loose_attributes,
        )

    def but(
        self,
        *,
        many: bool | None = None,
        required: bool | None = None,
        children: Callable[[], Children] | None = None,
        attributes: Mapping[str, AttributeForm] | None = None,
        read_only: bool | None = None,
    ) -> Form:
        """Give the same element, occurring otherwise or with other children or attributes."""
        return Form(
            self.name,
            self.namespace,
            children=children or (lambda: self.children),
            attributes=self.attributes if attributes is None else attributes,
            value=self.value,
            many=self.many if many is None else many,
            required=self.required if required is None else required,
            nillable=self.nillable,
            loose=self.loose,
            loose_namespace=self.loose_namespace,
            loose_attributes=self.loose_attributes,
            fixed=self.fixed,
            read_only=self.read_only if read_only is None else read_only,
        )


def forms_of(
    files: Mapping[str, bytes], entry: str, *, loose_attributes: Iterable[AttributeForm] = ()
) -> Mapping[str, Form]:
    """Give the form of every global element of a definition, by its name as `{namespace}name`.

    `files` are all its documents by name, `entry` the one to begin with; `loose_attributes` are those that an element
    has where the definition lets anything go. Raises ConfigurationWrong at what it does not understand.
    """
    schema = _Schema(files, entry, MappingProxyType({each.name: each for each in loose_attributes}))
    return MappingProxyType({name: schema.element(node) for name, node in schema.elements.items()})


_XSD = "{http://www.w3.org/2001/XMLSchema}"
_SILENT = frozenset({"annotation", "key", "keyref", "unique", "notation"})
_ATTRIBUTES = frozenset({"attribute", "attributeGroup", "anyAttribute"})
_PARTICLES = frozenset({"sequence", "choice", "all"})
_VOID = etree.Element("none")


class _Type(NamedTuple):
    """What a type says of an element that has it; `loose` is the namespace of what goes below it, None when nothing."""

    value: str
    attributes: Mapping[str, AttributeForm]
    children: Callable[[], Children]
    loose: str | None


class _Schema:
    """The global declarations of all documents by clark name, and the types made so far."""

    def __init__(self, files: Mapping[str, bytes], entry: str, loose: Mapping[str, AttributeForm]) -> None:
        self.elements: dict[str, etree._Element] = {}
        self._kinds: dict[str, dict[str, etree._Element]] = {
            "element": self.elements,
            "attribute": {},
            "attributeGroup": {},
            "group": {},
            "type": {},
        }
        self._files = files
        self._loose = loose
        self._documents: dict[etree._Element, str] = {}
        self._types: dict[etree._Element, _Type] = {}
        self._busy: set[etree._Element] = set()
        self._read(entry, _VOID)

    def element(self, node: etree._Element, *, many: bool = False, required: bool = True) -> Form:
        """Give the form of an element, declared here or by reference."""
        self._known(node, "name", "ref", "type", "form", "nillable", "fixed", "default", "minOccurs", "maxOccurs", "id")
        declared = self._named("element", node, "ref") if "ref" in node.attrib else node
        made = self._type_of(declared)
        return Form(
            _said(declared, "name"),
            self._namespace(declared, "elementFormDefault"),
            children=made.children,
            attributes=made.attributes,
            value=made.value,
            many=many,
            required=required,
            nillable=declared.get("nillable") in {"true", "1"},
            loose=made.loose is not None,
            loose_namespace=made.loose or "",
            loose_attributes=self._loose,
            fixed=declared.get("fixed", ""),
        )

    def _read(self, name: str, asked: etree._Element) -> None:
        if name in self._documents.values():
            return
        if name not in self._files:
            self._refuse(asked, f"there is no document `{name}`")
        parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(self._files[name], parser)
        except etree.XMLSyntaxError as error:
            raise ConfigurationWrong("is not XML", file=name, line=error.lineno or 0, code="definition") from None
        self._documents[root] = name
        space = root.get("targetNamespace", "")
        for node in root:
            kind = _local(node)
            if kind in {"import", "include"}:
                self._follow(node, space)
            elif kind in {"complexType", "simpleType"} or kind in self._kinds:
                found = self._kinds["type" if kind.endswith("Type") else kind]
                found[f"{{{space}}}{_said(node, 'name')}"] = node
            elif kind not in _SILENT:
                self._refuse(node, f"`{kind}` is not understood")

    def _follow(self, node: etree._Element, space: str) -> None:
        location = node.get("schemaLocation", "")
        if location:
            name = location.rpartition("/")[2]
            self._read(name, node)
            found = next(root for root, each in self._documents.items() if each == name).get("targetNamespace", "")
            if _local(node) == "include" and found != space:
                self._refuse(node, "an included document has the namespace of the one that includes it")

    def _type_of(self, element: etree._Element) -> _Type:
        """Give the type of an element: by its name, written inside it, or none."""
        if "type" in element.attrib:
            return self._by_name(element, "type")
        for each in element:
            if _local(each).endswith("Type"):
                return self._type(each)
        return _Type("any", {}, dict, "")

    def _by_name(self, node: etree._Element, attribute: str) -> _Type:
        clark = self._clark(node, _said(node, attribute))
        if not clark.startswith(_XSD):
            return self._type(self._named("type", node, attribute))
        name = clark.removeprefix(_XSD)
        return _Type(name, {}, dict, "" if name == "anyType" else None)

    def _type(self, node: etree._Element) -> _Type:
        made = self._types.get(node)
        if made is None:
            with self._inside(node, node):
                made = self._types[node] = self._simple(node) if _local(node) == "simpleType" else self._complex(node)
        return made

    def _simple(self, node: etree._Element) -> _Type:
        name = node.get("name")
        if name is None:
            restriction = next((each for each in node if _local(each) == "restriction"), _VOID)
            name = self._by_name(restriction, "base").value if "base" in restriction.attrib else "any"
        return _Type(name, {}, dict, None)

    def _complex(self, node: etree._Element) -> _Type:
        self._known(node, "name", "id", "final", "block")
        parts = [each for each in node if _local(each) not in _SILENT]
        if parts and _local(parts[0]) in {"simpleContent", "complexContent"}:
            return self._derived(node, parts[0])
        return self._made("", {}, dict, parts, None)

    def _derived(self, node: etree._Element, content: etree._Element) -> _Type:
        self._known(content, "id")
        how = next(each for each in content if _local(each) not in _SILENT)
        base = self._by_name(how, "base")
        parts = [each for each in how if _local(each) not in _SILENT]
        if _local(content) == "simpleContent":
            # What else stands in a restriction narrows the value.
            attributes = self._attributes([each for each in parts if _local(each) in _ATTRIBUTES], base.attributes)
            return _Type(node.get("name") or base.value, attributes, dict, None)
        if _local(how) == "extension":
            return self._made(base.value, base.attributes, base.children, parts, base.loose)
        return self._made("", base.attributes, dict, parts, None)

    def _made(
        self,
        value: str,
        attributes: Mapping[str, AttributeForm],
        before: Callable[[], Children],
        parts: list[etree._Element],
        loose: str | None,
    ) -> _Type:
        """Make a type of `parts`, after what it extends."""
        content = [each for each in parts if _local(each) not in _ATTRIBUTES]
        for each in content:
            if _local(each) not in _PARTICLES and _local(each) != "group":
                self._refuse(each, f"`{_local(each)}` is not understood")
        wild = [space for each in content for space in self._any(each)]
        wild += [self._other(each, "namespace") for each in parts if _local(each) == "anyAttribute"]
        if wild and loose is None:
            loose = wild[0]

        def children() -> Children:
            made = dict(before())
            for each in content:
                for form in self._particle(each, many=False, required=True):
                    made[form.name] = self._together(made[form.name], form, each) if form.name in made else form
            return made

        return _Type(value, self._attributes(parts, attributes), children, loose)

    def _together(self, one: Form, other: Form, node: etree._Element) -> Form:
        """Give the form of a name that stands in a type twice."""
        if (one.namespace, one.value) != (other.namespace, other.value) or [*one.attributes] != [*other.attributes]:
            self._refuse(node, f"`{one.name}` stands here twice, with two types")
        return one.but(many=True, required=one.required or other.required)

    def _particle(self, node: etree._Element, *, many: bool, required: bool) -> Iterator[Form]:
        """Give the elements of a sequence, choice, all, group, or the element itself."""
        kind = _local(node)
        many = many or node.get("maxOccurs", "1") not in {"0", "1"}
        required = required and node.get("minOccurs", "1") != "0"
        if node.get("maxOccurs") == "0" or kind == "any" or kind in _SILENT:
            return
        if kind == "element":
            yield self.element(node, many=many, required=required)
        elif kind == "group":
            group = self._named("group", node, "ref")
            with self._inside(group, node):
                for each in group:
                    yield from self._particle(each, many=many, required=required)
        elif kind in _PARTICLES:
            for each in node:
                yield from self._particle(each, many=many, required=required and kind != "choice")
        else:
            self._refuse(node, f"`{kind}` is not understood")

    def _any(self, node: etree._Element) -> Iterator[str]:
        """Give the namespace of each `any` in a particle."""
        if _local(node) == "any":
            yield self._other(node, "namespace")
        elif _local(node) == "group":
            group = self._named("group", node, "ref")
            with self._inside(group, node):
                for each in group:
                    yield from self._any(each)
        elif _local(node) in _PARTICLES:
            for each in node:
                yield from self._any(each)

    def _other(self, node: etree._Element, attribute: str) -> str:
        """Give the one namespace that a wildcard allows, or nothing when it allows more."""
        said = node.get(attribute, "##any")
        if said == "##targetNamespace":
            return str(node.getroottree().getroot().get("targetNamespace", ""))
        return "" if said.startswith("##") or " " in said else said

    def _attributes(
        self, parts: list[etree._Element], before: Mapping[str, AttributeForm]
    ) -> Mapping[str, AttributeForm]:
        """Give the attributes of a type: those of what it is made of, and its own."""
        made = dict(before)
        for each in parts:
            if _local(each) == "attributeGroup":
                group = self._named("attributeGroup", each, "ref")
                made |= self._attributes([part for part in group if _local(part) not in _SILENT], {})
            elif _local(each) == "attribute":
                attribute = self._attribute(each)
                before_it = made.get(attribute.name)
                if before_it and before_it.namespace != attribute.namespace:
                    self._refuse(each, f"two attributes `{attribute.name}` in two namespaces")
                if each.get("use") == "prohibited":
                    made.pop(attribute.name, None)
                else:
                    made[attribute.name] = attribute
        return MappingProxyType(made)

    def _attribute(self, node: etree._Element) -> AttributeForm:
        required = node.get("use") == "required"
        if "ref" in node.attrib:
            declared = self._attribute(self._named("attribute", node, "ref"))
            return replace(declared, required=required, fixed=node.get("fixed") or declared.fixed)
        space = self._namespace(node, "attributeFormDefault")
        return AttributeForm(_said(node, "name"), space, required, node.get("fixed", ""))

    def _namespace(self, node: etree._Element, default: str) -> str:
        """Give the namespace of a declaration: that of its document when it is global or qualified."""
        root = node.getroottree().getroot()
        qualified = node.getparent() is root or node.get("form", root.get(default)) == "qualified"
        return str(root.get("targetNamespace", "")) if qualified else ""

    def _named(self, kind: str, node: etree._Element, attribute: str) -> etree._Element:
        clark = self._clark(node, _said(node, attribute))
        found = self._kinds[kind].get(clark)
        if found is None:
            self._refuse(node, f"there is no {kind} `{_said(node, attribute)}`")
        return found

    def _clark(self, node: etree._Element, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        space = node.nsmap.get(prefix or None)
        if prefix and space is None:
            self._refuse(node, f"the prefix `{prefix}` is not declared")
        return f"{{{space or ''}}}{local}"

    @contextmanager
    def _inside(self, part: etree._Element, asked: etree._Element) -> Iterator[None]:
        """Look into a type or group, which may not need itself for that."""
        if part in self._busy:
            self._refuse(asked, f"this {'group' if _local(part) == 'group' else 'type'} is made of itself")
        self._busy.add(part)
        yield
        self._busy.discard(part)

    def _known(self, node: etree._Element, *attributes: str) -> None:
        """Refuse a declaration that says more than is understood: mixed content, substitution, abstract types."""
        for name, value in node.attrib.items():
            if name not in attributes and value not in {"false", "0"}:
                self._refuse(node, f"`{name!s}` of `{_local(node)}` is not understood")

    def _refuse(self, node: etree._Element, reason: str) -> NoReturn:
        file = self._documents.get(node.getroottree().getroot(), "")
        raise ConfigurationWrong(reason, file=file, line=line_of(node), code="definition")


def _local(node: etree._Element) -> str:
    # A processing instruction has a function for a tag, whatever the stubs say.
    return str(node.tag).removeprefix(_XSD)


def _said(node: etree._Element, attribute: str) -> str:
    return str(node.get(attribute, ""))
