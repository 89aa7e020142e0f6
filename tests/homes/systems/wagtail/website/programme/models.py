"""Pages about events, as an organisation's own Wagtail site would have them."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

MEMBERS = "Members"
_KEPT_FOR_PEOPLE = ("members", "managers")


def _writable(*names):
    return [APIField(name, writable=True) for name in names]


def _panels(*names):
    return [FieldPanel(name) for name in names]


class SectionPage(Page):
    """A page that lists the pages below it."""


class EventPage(Page):
    """An event with its speakers and the links to its recordings."""

    start = models.DateTimeField()
    end = models.DateTimeField()
    timezone = models.CharField(max_length=64, default="UTC")
    venue = models.CharField(max_length=200, blank=True)
    body = RichTextField(blank=True)

    _fields = ("start", "end", "timezone", "venue", "body")
    content_panels = (*Page.content_panels, *_panels(*_fields), InlinePanel("speakers"), InlinePanel("recordings"))
    api_fields = (*_writable(*_fields, "speakers", "recordings"), APIField("last_published_at"), APIField("live"))

    def get_context(self, request, *args, **kwargs):
        """Return what the template needs: only members see the links that are for members."""
        context = super().get_context(request, *args, **kwargs)
        is_member = request.user.groups.filter(name=MEMBERS).exists()
        recordings = self.recordings.all()
        context["recordings"] = [link for link in recordings if is_member or link.visibility not in _KEPT_FOR_PEOPLE]
        return context


class Speaker(Orderable):
    """A person who speaks at an event."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)

    panels = _panels("name", "role", "organisation")
    api_fields = _writable("name", "role", "organisation")


class Recording(Orderable):
    """A link to a recording. `key` is that of who wrote it, and `visibility` is public, members or managers."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="recordings")
    key = models.CharField(max_length=190)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=1000)
    visibility = models.CharField(max_length=16, default="public")

    panels = _panels("key", "title", "url", "visibility")
    api_fields = _writable("key", "title", "url", "visibility")
