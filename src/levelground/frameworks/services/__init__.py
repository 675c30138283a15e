"""The writes of frameworks, one function per business verb."""

from levelground.frameworks.selectors import published

from .drafting import add_node, delete_node, edit_framework, edit_node, move_node
from .importing import confirm_upload, drop_upload, import_version, keep_upload, write_tree
from .lifecycle import correct, discard, move, publish, record_consultation, set_mapping, version_published

__all__ = [
    "add_node", "confirm_upload", "correct", "delete_node", "discard", "drop_upload", "edit_framework", "edit_node",
    "import_version", "keep_upload", "move", "move_node", "publish", "published", "record_consultation", "set_mapping",
    "version_published", "write_tree",
]  # fmt: skip
