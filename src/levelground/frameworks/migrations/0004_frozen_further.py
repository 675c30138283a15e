"""What the database keeps besides the tree: a published version's own words, its mapping, its history; parents that fit."""

from django.db import migrations

from levelground.foundation.triggers import refuse

FROZEN = "v.status IN ('published', 'retired')"
MESSAGE = "A published framework version never changes"
NODES = ("area", "theme", "standard", "indicator")
PARENTS = {"theme": "area", "standard": "theme", "indicator": "standard"}

# A row must not be moved into a published version either.
into = [
    operation
    for table in NODES
    for operation in refuse(
        f"frameworks_{table}",
        "UPDATE",
        when=f"EXISTS (SELECT 1 FROM frameworks_frameworkversion v WHERE v.id = NEW.version_id AND {FROZEN})",
        message=MESSAGE,
        rule="into",
    )
]
# A theme lies in an area of its own version, and so on down.
parents = [
    operation
    for table, parent in PARENTS.items()
    for operation in refuse(
        f"frameworks_{table}",
        "INSERT",
        "UPDATE",
        when=f"NEW.version_id <> (SELECT p.version_id FROM frameworks_{parent} p WHERE p.id = NEW.{parent}_id)",
        message=f"The {parent} of a {table} must be of the same version",
        rule="parent",
    )
]
# All that a published version may still do is retire.
SAME = ("public_id", "framework_id", "number", "label", "notes", "consulted", "decisions", "indicator_count", "sha256")
CHANGED = " OR ".join(
    [f"NEW.{column} <> OLD.{column}" for column in (*SAME, "published_at")]
    + ["COALESCE(NEW.corrects_id, 0) <> COALESCE(OLD.corrects_id, 0)", "NEW.status NOT IN ('published', 'retired')"]
    + ["(OLD.status = 'retired' AND (NEW.status <> 'retired' OR NEW.retired_at <> OLD.retired_at))"]
)
words = refuse(
    "frameworks_frameworkversion",
    "UPDATE",
    when=f"OLD.status IN ('published', 'retired') AND ({CHANGED})",
    message=MESSAGE,
)
mapping = refuse(
    "frameworks_indicatormapping",
    "INSERT",
    "UPDATE",
    "DELETE",
    when="EXISTS (SELECT 1 FROM frameworks_indicator i JOIN frameworks_frameworkversion v ON v.id = i.version_id "
    f"WHERE i.id = ROW.new_id AND {FROZEN})",
    message=MESSAGE,
)
history = refuse("frameworks_versionmove", "UPDATE", message="History is only added to") + refuse(
    "frameworks_versionmove",
    "DELETE",
    when=f"EXISTS (SELECT 1 FROM frameworks_frameworkversion v WHERE v.id = ROW.version_id AND {FROZEN})",
    message="History is only added to",
)


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0003_help_moves_uploads")]
    operations = [*into, *parents, *words, *mapping, *history]
