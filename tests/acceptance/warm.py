"""What each command reads when it begins: read once, before any is forked."""

import gc

from zoom_ops.web.i18n.catalogs import load_languages

load_languages()
gc.freeze()  # and what was imported is not looked at again by each one's collector
