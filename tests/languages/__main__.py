"""Update the catalogs to the messages of the pages, and list what they lack: `python -m tests.languages`."""

import sys

from tests.languages.messages import (
    TEMPLATE,
    TRANSLATED,
    catalog_file,
    extract_messages,
    iter_faults,
    update_catalog,
    write_catalog,
)


def main() -> int:
    """Update every catalog; new messages stay untranslated."""
    messages = extract_messages()
    write_catalog(TEMPLATE, messages)
    faults: list[str] = []
    for code in TRANSLATED:
        catalog = update_catalog(code, messages)
        write_catalog(catalog_file(code), catalog)
        faults.extend(f"{code}: {fault}\n" for fault in iter_faults(messages, catalog))
    sys.stdout.write("".join(faults) + f"{len(messages)} messages, {len(faults)} translations to make\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
