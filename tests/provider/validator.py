"""What the provider tells of a person, and what it gets wrong where a test wishes it to."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator

wishes: dict[str, Any] = {}
"""`claims` are told as they are, `wrong` in the place of what is signed, `only_if_asked` by userinfo alone."""


class Validator(OAuth2Validator):
    oidc_claim_scope = None  # every claim with every scope

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Tell name and groups in the ID token, and in userinfo."""
        told = {
            "name": request.user.get_full_name(),
            "preferred_username": request.user.username,
            "email": request.user.email,
            "groups": [group.name for group in request.user.groups.order_by("name")],
            "realm_access": {"roles": [group.name for group in request.user.groups.order_by("name")]},
        }
        return {**told, **wishes.get("claims", {})}

    def get_oidc_claims(self, token: Any, token_handler: Any, request: Any) -> dict[str, Any]:
        """Leave out of the ID token what is told only if it is asked for."""
        claims: dict[str, Any] = super().get_oidc_claims(token, token_handler, request)
        return {name: value for name, value in claims.items() if name not in wishes.get("only_if_asked", ())}

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        """Tell everything."""
        return {**OAuth2Validator.get_oidc_claims(self, None, None, request), **wishes.get("wrong_userinfo", {})}

    def get_id_token_dictionary(self, token: Any, token_handler: Any, request: Any) -> tuple[dict[str, Any], Any]:
        """Sign what a test wishes in the place of what is so."""
        claims, ends = super().get_id_token_dictionary(token, token_handler, request)
        return {**claims, **wishes.get("wrong", {})}, ends
