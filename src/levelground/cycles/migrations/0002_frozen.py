"""The database itself keeps what was asked, signed, sent and decided."""

from django.db import migrations

from levelground.foundation.triggers import refuse


def same(*columns, empty=()):
    """SQL: one of the ``columns`` changes; those named in ``empty`` may be filled once, and then never again."""
    changed = [f"NEW.{column} <> OLD.{column}" for column in columns]
    again = [f"(OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} <> OLD.{column}))" for column in empty]
    return " OR ".join(changed + again)


class Migration(migrations.Migration):
    dependencies = [("cycles", "0001_initial")]
    operations = [
        *refuse("cycles_extension", "UPDATE", "DELETE", message="The history of deadlines never changes"),
        *refuse("cycles_submissionstep", "UPDATE", "DELETE", message="The history of a submission never changes"),
        *refuse("cycles_receipt", "UPDATE", "DELETE", message="A receipt never changes"),
        *refuse("cycles_submission", "DELETE", message="A submission is never deleted"),
        *refuse(
            "cycles_requireddocument",
            "UPDATE",
            "DELETE",
            when="ROW.fixed",
            message="What a cycle asks for is fixed once a member has sent its snapshot",
        ),
        *refuse("cycles_submissiondocument", "DELETE", message="A document that was added stays on record"),
        *refuse(
            "cycles_submissiondocument",
            "UPDATE",
            when=same(
                "public_id", "submission_id", "required_id", "document_id", "document_date", "period", "added_by_id",
                "added_at", empty=("replaced_at", "replaced_by_id"),
            ),
            message="A document that was added stays on record",
        ),
        *refuse("cycles_signoff", "DELETE", message="A sign-off stays on record"),
        *refuse(
            "cycles_signoff",
            "UPDATE",
            when=same("submission_id", "by_id", "at", "declaration", "content_sha256", empty=("lapsed_at",)),
            message="A sign-off stays on record",
        ),
        *refuse("cycles_signoffrequest", "DELETE", message="A request for sign-off stays on record"),
        *refuse(
            "cycles_signoffrequest",
            "UPDATE",
            when="OLD.answer <> '' OR " + same("submission_id", "asked_by_id", "asked_at", "note"),
            message="A request for sign-off stays on record",
        ),
    ]  # fmt: skip
