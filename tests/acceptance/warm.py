"""The files that each command reads at its start, read once before the first fork."""

import gc

from zoom_ops.web.i18n.catalogs import load_languages

load_languages()
gc.freeze()  # the garbage collector of each fork then skips the imported modules
