"""Forms of the desk: one column, label above, help under it, the error beside the field in words."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.db import transaction
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext as _

from bulou.doors.desk import errors
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError

Answer = TypeVar("Answer")


class DeskRenderer(DjangoTemplates):
    """Django's widgets inside the desk's own field template."""

    field_template_name = "desk/parts/field.html"


class DeskForm(forms.Form):
    """A form whose fields show as `parts/field.html`; `attempt` puts a room's problem where it belongs."""

    default_renderer = DeskRenderer
    required_css_class = ""
    use_required_attribute = False

    def attempt(
        self, act: Callable[[], Answer], *, not_found: str = "", savepoint: bool = True
    ) -> Answer | None:
        """Do the act if the form is sound; a problem becomes an error of the form, and nothing of it is kept.

        A refusal stays a page with 403; a 404 a page that is not there, unless `not_found` names the field
        that was to blame.
        Without `savepoint` the act keeps its own transactions: signing in counts a wrong password for good.
        """
        if not self.is_valid():
            return None
        try:
            with transaction.atomic() if savepoint else nullcontext():
                return act()
        except ProblemError as error:
            if error.status == 403 or (error.status == 404 and not not_found):
                raise
            field = error.problem.where.field if error.problem.where else None
            blamed = not_found if error.status == 404 else field
            self.add_error(blamed if blamed in self.fields else None, errors.words(error.problem))
            return None

    @property
    def status(self) -> int:
        """The status of the page that shows the form."""
        return 422 if self.is_bound and self.errors else 200


class Moment(forms.DateTimeField):
    """A moment on the district's clock, typed by date and time."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)


class Day(forms.DateField):
    """A calendar day."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class Reason(forms.CharField):
    """A reason in words, asked for by every act that touches rights or takes something away."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, min_length=3, **kwargs)


class _Several(forms.ClearableFileInput):
    """Several files in one field; a phone offers its camera."""

    allow_multiple_selected = True


class Photos(forms.FileField):
    """Up to so many photos; what is no photo is refused by the room that keeps them."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        widget = _Several(attrs={"accept": "image/*", "multiple": True})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files, none for an empty field."""
        files = [super(Photos, self).clean(one, initial) for one in (data or ()) if one]
        if len(files) > self.most:
            raise forms.ValidationError(_("At most %(n)s photos.") % {"n": self.most})
        return files


def half_hour(at: datetime) -> datetime:
    """Return the moment on the district's clock, without seconds, for a field."""
    return at.astimezone(clock.DISTRICT_ZONE).replace(second=0, microsecond=0)


def select(choices: list[tuple[str, Any]], *, empty: str | None = None, **kwargs: Any) -> forms.ChoiceField:
    """Return a field with a list to choose from, with an empty first line where nothing is chosen yet."""
    first = [("", empty if empty is not None else _("Choose …"))]
    return forms.ChoiceField(choices=first + choices, **kwargs)
