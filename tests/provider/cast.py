"""The users of the sign-in provider of the tests, and its registration of this service."""

CLIENT_ID, CLIENT_SECRET = "zoom-ops", "tidewater-provider-secret"
PASSWORD = "the password over there"
USERS = {
    "amara": ("Amara Diallo", ("staff", "UNGIS members")),
    "jonas": ("Jonas Lindqvist", ("staff", "event operators")),
    "mei": ("Mei-Ling Chen", ("event admins",)),
    "yusuf": ("Yusuf Demir", ()),
}
"""By login: the name and the groups."""
