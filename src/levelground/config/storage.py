from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; a name that is missing from the manifest is served under its plain name."""

    manifest_strict = False
    # An import between our ES modules is hashed too: kept for ever, and never an old module beside a new page.
    support_js_module_import_aggregation = True
