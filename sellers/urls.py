"""URLs of products' facts, connections and people."""

from django.urls import path

from sellers.views import connections, invitations, people, products

app_name = "sellers"
urlpatterns = [
    path("products/", products.index, name="products"),
    path("products/<uuid:pk>/", products.page, name="product"),
    path("products/<uuid:pk>/buyers/", products.add_buyer, name="buyer_add"),
    path("buyers/<uuid:pk>/remove/", products.remove_buyer, name="buyer_remove"),
    path("connections/", connections.index, name="connections"),
    path("connections/new/", connections.create, name="connection_new"),
    path("connections/<uuid:pk>/", connections.page, name="connection"),
    path("connections/<uuid:pk>/remove/", connections.remove, name="connection_remove"),
    path("members/", people.index, name="members"),
    path("members/invite/", people.invite, name="invite"),
    path("members/<uuid:pk>/", people.change_role, name="member"),
    path("members/invitations/<uuid:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("invitation/<str:token>/", invitations.accept, name="invitation"),
]
