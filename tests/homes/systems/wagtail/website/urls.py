"""The addresses of the site: the interface, the administration, and all else is a page."""

from django.urls import include, path
from wagtail import urls as pages
from wagtail.admin import urls as administration
from wagtail.api.v3.urls import api
from wagtail.documents import urls as documents

urlpatterns = [
    path("api/v3/", api.urls),
    path("admin/", include(administration)),
    path("documents/", include(documents)),
    path("", include(pages)),
]
