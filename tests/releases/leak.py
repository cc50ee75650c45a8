"""A release with a planted fault, as no action would make it."""

import json

from enlace.base import keyring
from enlace.releases import files, queries
from enlace.releases.canonical import sha256
from enlace.releases.models import Release, ReleaseFile, ReleaseInput
from enlace.statistics.facts import count


def leaking(row: Release) -> Release:
    """The same release under the next number, with true counts shown until a pair of withheld cells is torn apart."""
    inputs = queries.inputs(row)
    truth = {
        (table.indicator, table.dimensions, tuple(code for _name, code in key)): n
        for table in count(inputs)
        for key, n in table.cells()
    }
    document = json.loads(json.dumps(row.document)) | {"number": row.number + 1}
    item, table = next(
        (item, table)
        for item in document["indicators"]
        for table in item["tables"]
        if len(table["dimensions"]) == 1 and sum(cell["status"] == "suppressed" for cell in table["cells"]) > 1
    )
    hidden = [cell for cell in table["cells"] if cell["status"] == "suppressed"]
    for cell in hidden[1:]:
        value = truth[item["id"], tuple(table["dimensions"]), tuple(cell["key"])]
        cell |= {"value": value, "status": "published"}
    data = inputs.to_bytes()
    spoiled = Release.objects.create(
        number=row.number + 1, period=row.period, document=document, facts_digest=row.facts_digest,
        inputs_digest=sha256(data), prepared_by=row.prepared_by, prepared_at=row.prepared_at,
    )  # fmt: skip
    made = files.written(document)
    made[files.MANIFEST] = files.manifest(document, made, spoiled.inputs_digest)
    for name, content in made.items():
        ReleaseFile.objects.create(release=spoiled, name=name, sha256=sha256(content), content=content)
    ReleaseInput.objects.create(release=spoiled, sealed=keyring.seal_bytes(queries.SEALED, data))
    return spoiled
