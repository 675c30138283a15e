"""People who sign in, and what they prefer."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from levelground.foundation import clock
from levelground.foundation.db import public_id


class Language(models.TextChoices):
    ENGLISH = "en-gb", "English"
    WELSH = "cy", "Cymraeg"


class Digest(models.TextChoices):
    WEEKLY = "weekly", _("Once a week")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("No e-mails")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, known by e-mail address. Roles are memberships (``organisations``), not columns."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="System administrator: configures, audited.")
    date_joined = models.DateTimeField(default=clock.now)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    digest = models.CharField(max_length=10, choices=Digest.choices, default=Digest.WEEKLY)
    access_needs = models.TextField(blank=True, default="")
    access_needs_shared = models.BooleanField(default=False)
    access_needs_reviewed_on = models.DateField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")), name="user_email_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def shared_access_needs(self) -> str:
        """What people who plan meetings may read; empty unless the person shares it."""
        return self.access_needs if self.access_needs_shared else ""

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email
