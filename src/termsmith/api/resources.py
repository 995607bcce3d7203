"""Resources to bytes: one by itself, or several as a Bundle or a package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from termsmith.api.arguments import one_of, web_address
from termsmith.settings import BundleSettings, BundleType, NotPresent, Update

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from termsmith.model.result import Resource

Format = Literal["json", "xml", "fsh"]


def render(resource: Resource, format: Format = "json") -> bytes:  # noqa: A002  as `--format`
    """Return a resource as the bytes that `termsmith convert` writes for it.

    Args:
        resource: Of a `Conversion`.
        format: ``json``, ``xml`` or ``fsh``.

    Returns:
        UTF-8, with a newline at the end; JSON and XML with two spaces of indent and elements in definition
        order. All concepts are in it, however many.

    Raises:
        OutputError: OUT005, when the format has no way to write something in the resource.
        UsageError: USE006, when there is no such format.
    """
    from termsmith.outputs.together import rendered  # noqa: PLC0415  only for writing

    one_of(format, get_args(Format), "format")
    return rendered(resource, format)


def bundle(
    resources: Iterable[Resource],
    *,
    type: BundleType = "transaction",  # noqa: A002  as FHIR calls it
    update: Update = "id",
    not_present: NotPresent = "create",
    base_url: str | None = None,
) -> bytes:
    """Return a Bundle that loads resources into a FHIR server with one request.

    Args:
        resources: Of one FHIR release; in any order.
        type: ``transaction``, all or nothing; or ``batch``, each by itself.
        update: ``id`` to put a resource at its id; ``conditional`` where the server has it already.
        not_present: ``create`` for a CodeSystem without content to be created only where the server has none
            of its URL; ``replace`` where it may take the place of one that has content.
        base_url: Where ``fullUrl`` starts; absent for UUIDs made from type and id.

    Returns:
        JSON in UTF-8: naming systems, code systems, their supplements, value sets.

    Raises:
        OutputError: OUT006, when there are no resources, two are of the same type and id, or they are of
            several FHIR releases.
        UsageError: USE006, when an argument has a value that it may not have.
    """
    from termsmith.outputs.together import bundled  # noqa: PLC0415  only for writing

    one_of(type, get_args(BundleType), "type")
    one_of(update, get_args(Update), "update")
    one_of(not_present, get_args(NotPresent), "not_present")
    settings = BundleSettings(type=type, update=update, not_present=not_present)
    return bundled(
        tuple(resources), settings, None if base_url is None else web_address(base_url, "base_url")
    )


def package(
    resources: Iterable[Resource],
    *,
    name: str,
    version: str,
    canonical: str,
    title: str | None = None,
    description: str | None = None,
    author: str | None = None,
    license: str | None = None,  # noqa: A002  as package.json calls it
    url: str | None = None,
    homepage: str | None = None,
    jurisdiction: str | None = None,
    date: datetime | None = None,
    dependencies: Mapping[str, str] | None = None,
) -> bytes:
    """Return a FHIR package of resources; the same resources and arguments give the same bytes.

    Args:
        resources: Of one FHIR release; in any order.
        name: Small letters with dots: ``org.example.terms``.
        version: Three numbers: ``1.0.0``, ``1.0.0-beta``.
        canonical: Base of the URLs of what the package defines.
        title: Name for people.
        description: What the package is for.
        author: Who makes it.
        license: SPDX identifier.
        url: Where this version is published.
        homepage: Page about the package.
        jurisdiction: As ``system#code``.
        date: When it was made; absent for a package that doesn't say.
        dependencies: Versions by package, besides FHIR's core package of the release.

    Returns:
        A ``.tgz`` of ``package/package.json``, ``package/.index.json`` and the resources as JSON.

    Raises:
        OutputError: OUT006, when there are no resources, two are of the same type and id, or they are of
            several FHIR releases.
        UsageError: USE006, when an argument has a value that it may not have.
    """
    from termsmith.outputs.together import packaged  # noqa: PLC0415  only for writing
    from termsmith.settings_file import package_settings  # noqa: PLC0415  pydantic

    stated = {
        "name": name,
        "version": version,
        "canonical": canonical,
        "title": title,
        "description": description,
        "author": author,
        "license": license,
        "url": url,
        "homepage": homepage,
        "jurisdiction": jurisdiction,
        "date": date,
        "dependencies": {} if dependencies is None else dependencies,
    }
    return packaged(tuple(resources), package_settings(stated))
