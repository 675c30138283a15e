"""Agreements to measurement plans. They are kept as they were given; only that one is withdrawn is added, once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import levelground.foundation.db
from levelground.foundation.triggers import changes, refuse

SCOPES = ("network", "organisation", "team")
KEPT = ("public_id", "side", "by_id", "at", "fingerprint", "content", *(f"{name}_id" for name in SCOPES))


def _scope(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss",
        to=f"organisations.{name}",
    )  # fmt: skip


def _one(scope: str) -> models.Q:
    return models.Q(**{f"{name}__isnull": name != scope for name in SCOPES})


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0003_published"),
        ("organisations", "0003_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="PlanAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=levelground.foundation.db.public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("staff", "Staff"), ("lived", "Somebody with lived experience")], max_length=6
                    ),
                ),
                ("at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                *((name, _scope(name)) for name in SCOPES),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=_one("network") | _one("organisation") | _one("team"), name="planagreement_one_scope"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(side__in=["staff", "lived"]), name="plan_agreement_side_known"
                    ),
                    *(
                        models.UniqueConstraint(
                            condition=models.Q(withdrawn_at__isnull=True), fields=(scope, "by", "fingerprint"),
                            name=f"plan_agreement_once_{scope}",
                        )
                        for scope in SCOPES
                    ),
                ],
            },
        ),
        *refuse("measures_planagreement", "DELETE", message="An agreement stays on record"),
        *refuse(
            "measures_planagreement",
            "UPDATE",
            when=f"OLD.withdrawn_at IS NOT NULL OR {changes(*KEPT)}",
            message="An agreement never changes; it can be withdrawn once",
        ),
    ]  # fmt: skip
