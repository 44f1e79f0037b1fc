"""All URLs. An unlisted one does not exist; what each needs is in `sellers.access`."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing is asked: `readyz` looks at database and broker."""
    return HttpResponse("ok", content_type="text/plain")


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this one, whatever the page says."""
    return redirect(static("favicon.svg"), permanent=False)


urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("sellers.accounts")),
    path("", include("sellers.urls")),
    path("", include("onboarding.urls")),
]
