"""URLs of the review desk, and of what the seller answers to it."""

from django.urls import path

from onboarding.pages.desk import views

urlpatterns = [
    path("desk/", views.index, name="desk"),
    path("desk/name-servers/<uuid:pk>/", views.name_servers, name="desk_names"),
    path("desk/questions/<uuid:pk>/answer/", views.answer, name="question_answer"),
    path("desk/<uuid:pk>/", views.page, name="desk_package"),
    path("desk/<uuid:pk>/live/", views.live, name="desk_live"),
    path("desk/<uuid:pk>/acknowledge/", views.acknowledge, name="desk_acknowledge"),
    path("desk/<uuid:pk>/ask/", views.ask, name="desk_ask"),
    path("desk/<uuid:pk>/note/", views.note, name="desk_note"),
    path("desk/<uuid:pk>/return/", views.send_back, name="desk_return"),
    path("desk/<uuid:pk>/confirm/", views.confirm, name="desk_confirm"),
    path("desk/<uuid:pk>/verify/", views.verify, name="desk_verify"),
    path("products/<uuid:pk>/remarks/", views.remarks, name="remarks"),
]
