from django.urls import path

from enlace.exchange import views

app_name = "exchange"
urlpatterns = [
    path("exchange/directory/", views.directory, name="directory"),
    path("exchange/directory/take/", views.take, name="take"),
    path("exchange/directory/bring/", views.bring, name="bring"),
    path("exchange/standards/", views.judge, name="judge"),
]
