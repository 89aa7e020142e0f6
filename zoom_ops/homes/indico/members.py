"""Who may open links for members: the groups of the file, and the folder that hides the titles."""

import json

from ..errors import MissingRightError
from .client import Indico
from .forms import NO_FOLDER
from .settings import Settings

_IDENTIFIED = "Group:"  # Group::ID of Indico's own groups, Group:PROVIDER:NAME of others


class Members:
    """The groups and the folder of links for members."""

    def __init__(self, client: Indico, settings: Settings) -> None:
        self._client, self._settings = client, settings

    def find_acl(self) -> str:
        """Find the groups, as the form of a link takes them. Raise MissingRightError for one that Indico has not."""
        return json.dumps([self.find_group(name) for name in self._settings.members])

    def find_group(self, name: str) -> str:
        """Find a group by its name or as Indico identifies it. Raise MissingRightError if not just one has the name.

        What is identified is taken as it is: Indico refuses in the form what it does not know.
        """
        if name.startswith(_IDENTIFIED):
            return name
        found = self._client.find_groups(name)
        if len(found) != 1:
            several = "several groups" if found else "no group"
            raise MissingRightError(
                f"{self._client.name}: Indico has {several} {name!r}: name it as in Group::1, with its number."
            )
        return found[0]

    def ensure_folder(self, event_id: str, acl: str) -> str:
        """Make sure that an event has the folder that hides titles, and return its id; no folder where they show.

        Raises MissingRightError where our user does not see into that folder: a link there could not be found again.
        """
        if not self._settings.hide_titles:
            return NO_FOLDER
        title = self._settings.members_folder
        folder = self._find_folder(event_id)
        if folder is None:
            fields = {"title": title, "description": "", "protected": "y", "acl": acl}
            self._client.add_folder(event_id, fields)  # without is_always_visible
            folder = self._find_folder(event_id)
        if folder is None or int(folder) not in self._client.fetch_materials(event_id)[1]:
            raise MissingRightError(
                f"{self._client.name}: the token's user does not see the folder {title!r} of event {event_id}:"
                " put the user into one of the groups in members."
            )
        return folder

    def _find_folder(self, event_id: str) -> str | None:
        """Find the folder by its title: the form names also those that we do not see."""
        form = self._client.fetch_new_form(event_id, with_groups=True)
        return form.folders.get(self._settings.members_folder)
