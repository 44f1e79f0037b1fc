"""URLs of the review desk, and of what the seller answers to it."""

from django.urls import path

from onboarding.views import desk, desk_names, desk_talk

urlpatterns = [
    path("desk/", desk.index, name="desk"),
    path("desk/name-servers/<uuid:pk>/", desk_names.page, name="desk_names"),
    path("desk/questions/<uuid:pk>/answer/", desk_talk.answer, name="question_answer"),
    path("desk/<uuid:pk>/", desk.page, name="desk_package"),
    path("desk/<uuid:pk>/live/", desk.live, name="desk_live"),
    path("desk/<uuid:pk>/acknowledge/", desk.acknowledge, name="desk_acknowledge"),
    path("desk/<uuid:pk>/ask/", desk_talk.ask, name="desk_ask"),
    path("desk/<uuid:pk>/note/", desk_talk.note, name="desk_note"),
    path("desk/<uuid:pk>/return/", desk.send_back, name="desk_return"),
    path("desk/<uuid:pk>/confirm/", desk.confirm, name="desk_confirm"),
    path("desk/<uuid:pk>/verify/", desk.verify, name="desk_verify"),
    path("products/<uuid:pk>/remarks/", desk_talk.remarks, name="remarks"),
]
