"""The steps of a rehearsal that read the account and its host."""

from dataclasses import dataclass
from datetime import timedelta

from ...errors import ZoomOpsError
from ...zoom import as_mapping
from .bench import Bench


@dataclass(frozen=True, kw_only=True)
class AccountSteps:
    """Reads the token, the host's settings and the host's recordings."""

    bench: Bench

    def read_token(self) -> frozenset[str]:
        """Fetch a token and note which form its scopes have."""
        scopes = self.bench.gateway.fetch_scopes()
        life = self.bench.course.last_answer().get("expires_in")
        self.bench.course.learn(token_life_s=life, scope_form=_form_of(scopes))
        return scopes

    def read_host(self) -> None:
        """Read which licences and rights the host has."""
        self.bench.gateway.fetch_host(self.bench.order.host)
        settings = self.bench.course.answer_of("get_user_settings")
        feature, recording = (as_mapping(settings.get(name)) for name in ("feature", "recording"))
        self.bench.course.learn(
            features={name: value for name, value in sorted(feature.items()) if value not in (False, None, [], "")},
            cloud_recording=recording.get("cloud_recording"),
            auto_delete_days=recording.get("auto_delete_cmr_days") if recording.get("auto_delete_cmr") else None,
        )

    def list_recordings(self) -> None:
        """List the host's recordings of the last 28 days."""
        course, today = self.bench.course, self.bench.context.clock.now().date()
        first = today - timedelta(days=27)
        try:
            count = sum(1 for _ in self.bench.gateway.iter_recordings(self.bench.order.host, first, today))
        except ZoomOpsError:
            course.learn_refusal(no_recordings="refused")
            raise
        if not count:
            course.learn(no_recordings=course.last_code())


def _form_of(scopes: frozenset[str]) -> str:
    """Return the form of the webinar scopes. Broad: one names all reads, as indico's plugin has seen it."""
    if not scopes:
        return "none named"
    if any(scope.startswith("webinar:read:list_webinars") for scope in scopes):
        return "granular"
    return "broad" if any(scope.startswith("webinar:read:webinar") for scope in scopes) else "classic"
