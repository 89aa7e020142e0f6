"""Sets a new site up: bootstrap.py BOOT_FILE, in Wagtail's own environment."""
# ruff: noqa: E402  # Django has to be set up before its models are imported

import json
import secrets
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from wagtail.models import APIToken, GroupPagePermission, Page, PageViewRestriction, Site
from website.programme.models import MEMBERS, SectionPage

RIGHTS = {
    "Links": ("change_page", "publish_page"),
    "Drafts": ("change_page",),
    "Looking": ("publish_page",),
    MEMBERS: (),
}
"""The groups, and what each may do with the pages of the programme."""
GROUPS = {
    "admin": (),
    "bot": ("Links", MEMBERS),
    "drafter": ("Drafts", MEMBERS),
    "reader": ("Looking", MEMBERS),
    "member": (MEMBERS,),
}


def set_up():
    """Make the sections, groups, users and tokens."""
    programme, inner = make_sections()
    for name, rights in RIGHTS.items():
        group = Group.objects.create(name=name)
        for right in rights:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=right)
            GroupPagePermission.objects.create(group=group, page=programme, permission=permission)
    restriction = PageViewRestriction.objects.create(page=inner, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.get(name=MEMBERS))
    accounts = {login: make_account(login, groups) for login, groups in GROUPS.items()}
    return {"accounts": accounts, "events": programme.pk, "members": inner.pk}


def make_sections():
    """Make the programme, which is the start page, and below it a section that only members may see."""
    root = Page.objects.get(depth=1)
    for page in root.get_children():
        page.specific.delete()
    programme = root.add_child(instance=SectionPage(title="Programme", slug="programme"))
    address, _, port = settings.BASE_URL.removeprefix("http://").rpartition(":")
    Site.objects.all().delete()
    Site.objects.create(hostname=address, port=int(port), root_page=programme, is_default_site=True)
    return programme, programme.add_child(instance=SectionPage(title="For members", slug="for-members"))


def make_account(login, groups):
    """Make a user with a password and a token."""
    password, make = secrets.token_urlsafe(24), User.objects.create_user
    if login == "admin":
        make = User.objects.create_superuser
    user = make(login, f"{login}@example.org", password)
    user.groups.set(Group.objects.filter(name__in=groups))
    _, token = APIToken.create_token(user=user, name="tests")
    return {"login": login, "password": password, "token": token}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(set_up()), "utf-8")
