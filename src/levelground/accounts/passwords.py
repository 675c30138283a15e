"""The rules for passwords, each with a sentence that says what would do."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .texts import Text

RULES: Text = gettext_lazy(
    "Use at least 12 letters, numbers or signs. Three random words are easy to remember and hard to guess. "
    "Do not use a well-known password, your name or your e-mail address."
)


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("Make the password longer: at least %(number)d letters, numbers or signs.") % {
            "number": self.min_length
        }


class NotCommon(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Many people use this password, so it is easy to guess. Choose another one, for example three words.")


class NotLikeYou(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("This password is too much like your name or your e-mail address. Choose another one.")
