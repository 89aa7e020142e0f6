"""Update the catalogs to the messages of the pages, and list what they lack: `python -m tests.languages`."""

import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog

from tests.languages.messages import (
    TRANSLATED,
    catalog_file,
    extract_messages,
    iter_faults,
    update_catalog,
    write_catalog,
)
from tests.languages.sentences import extract_sentences, iter_misfits, share_translated


def main() -> int:
    """Update every catalog; new messages stay untranslated. Sentences may stay so, the texts of the pages may not."""
    messages, sentences = extract_messages(), extract_sentences()
    faults = [f"{code}: {fault}\n" for code, catalog in _update(messages) for fault in iter_faults(messages, catalog)]
    told = list(_update(sentences))
    misfits = [f"{code}: {fault}\n" for code, catalog in told for fault in iter_misfits(sentences, catalog)]
    shares = ", ".join(f"{code} {share_translated(sentences, catalog):.1%}" for code, catalog in told)
    sys.stdout.write("".join((*faults, *misfits)))
    sys.stdout.write(f"{len(messages)} messages, {len(faults)} translations to make\n")
    sys.stdout.write(f"{len(sentences)} sentences, translated: {shares}\n")
    return 1 if faults or misfits else 0


def _update(messages: Catalog) -> Iterator[tuple[str, Catalog]]:
    for code in TRANSLATED:
        catalog = update_catalog(code, messages)
        write_catalog(catalog_file(code, messages.domain), catalog)
        yield code, catalog


if __name__ == "__main__":
    sys.exit(main())
