"""URLs of the checklist: home, run, items, teardown, the test of a connection, readiness."""

from django.urls import path

from onboarding.pages import health
from onboarding.pages.desk import urls as desk_urls
from onboarding.pages.dns import views as dns
from onboarding.pages.home import views as home
from onboarding.pages.inbox import urls as inbox_urls
from onboarding.pages.item import views as item
from onboarding.pages.picker import urls as picker_urls
from onboarding.pages.plan import urls as plan_urls
from onboarding.pages.product import connections
from onboarding.pages.product import views as product
from onboarding.pages.run import views as run
from onboarding.pages.submission import views as submission
from onboarding.pages.teardown import views as teardown
from onboarding.pages.verification import views as verification
from onboarding.pages.wizard import urls as wizard_urls

app_name = "onboarding"
urlpatterns = [
    path("", home.index, name="home"),
    path("overview/", home.overview, name="overview"),
    path("products/<uuid:pk>/run/", run.page, name="run"),
    path("products/<uuid:pk>/run/live/", run.live, name="run_live"),
    path("products/<uuid:pk>/start/", run.start, name="start"),
    path("products/<uuid:pk>/verify/", run.verify, name="verify"),
    path("products/<uuid:pk>/teardown/", teardown.page, name="teardown"),
    path("products/<uuid:pk>/look/", teardown.look, name="look"),
    path("products/<uuid:pk>/policy/", product.policy, name="policy"),
    path("products/<uuid:pk>/regions/<str:region>/remove/", teardown.remove_region, name="region_remove"),
    path("products/<uuid:pk>/dns/", dns.page, name="dns"),
    path("products/<uuid:pk>/dns/live/", dns.live, name="dns_live"),
    path("products/<uuid:pk>/dns/<slug:form>/", dns.file, name="dns_file"),
    path("products/<uuid:pk>/verification/", verification.page, name="verification"),
    path("products/<uuid:pk>/verification/live/", verification.live, name="verification_live"),
    path("products/<uuid:pk>/submission/", submission.page, name="submission"),
    path("products/<uuid:pk>/submission/live/", submission.live, name="submission_live"),
    path("products/<uuid:pk>/submission/order/", submission.order, name="submission_order"),
    path("products/<uuid:pk>/submission/process/", submission.process, name="submission_process"),
    path("submissions/<uuid:pk>/<slug:form>/", submission.file, name="submission_file"),
    path("runs/<uuid:pk>/cancel/", run.cancel, name="cancel"),
    path("items/<uuid:pk>/", item.page, name="item"),
    path("items/<uuid:pk>/live/", item.live, name="item_live"),
    path("items/<uuid:pk>/retry/", item.retry, name="retry"),
    path("items/<uuid:pk>/change/", item.change, name="change"),
    path("items/<uuid:pk>/skip/", item.skip, name="skip"),
    path("items/<uuid:pk>/answer/", item.answer, name="answer"),
    path("items/<uuid:pk>/check/", item.check, name="check"),
    path("connections/<uuid:pk>/test/", connections.test, name="connection_test"),
    *desk_urls.urlpatterns,
    *wizard_urls.urlpatterns,
    *picker_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *inbox_urls.urlpatterns,
    path("readyz", health.readyz, name="readyz"),
]
