"""The provider's claims about a person, with the errors that a test sets."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

wishes: dict[str, Any] = {}
"""`claims` are issued as they are, `wrong` replaces signed claims, `only_if_asked` is issued by userinfo alone."""


class Validator(OAuth2Validator):
    oidc_claim_scope = None  # every claim with every scope

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Return name and groups for the ID token and userinfo."""
        claims = {
            "name": request.user.get_full_name(),
            "preferred_username": request.user.username,
            "email": request.user.email,
            "groups": [group.name for group in request.user.groups.order_by("name")],
            "realm_access": {"roles": [group.name for group in request.user.groups.order_by("name")]},
        }
        return {**claims, **wishes.get("claims", {})}

    def get_oidc_claims(self, token: Any, token_handler: Any, request: Any) -> dict[str, Any]:
        """Remove from the ID token the claims that only userinfo issues."""
        claims: dict[str, Any] = super().get_oidc_claims(token, token_handler, request)
        return {name: value for name, value in claims.items() if name not in wishes.get("only_if_asked", ())}

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        """Return all claims."""
        return {**OAuth2Validator.get_oidc_claims(self, None, None, request), **wishes.get("wrong_userinfo", {})}

    def get_id_token_dictionary(self, token: Any, token_handler: Any, request: Any) -> tuple[dict[str, Any], Any]:
        """Replace signed claims by those that a test has set."""
        claims, ends = super().get_id_token_dictionary(token, token_handler, request)
        return {**claims, **wishes.get("wrong", {})}, ends
