from django.urls import path

from enlace.accounts.views import doors, home, log, users

app_name = "accounts"
urlpatterns = [
    path("", home.home, name="home"),
    path("me/", home.me, name="me"),
    path("me/role/", home.switch, name="switch"),
    path("me/language/", home.choose_language, name="choose_language"),
    path("me/sessions/", home.end_mine, name="end_mine"),
    path("users/", users.users, name="users"),
    path("users/invite/", users.invite, name="invite"),
    path("users/<uuid:user_id>/", users.user, name="user"),
    path("users/<uuid:user_id>/invite/", users.invite_again, name="invite_again"),
    path("users/<uuid:user_id>/roles/", users.grant, name="grant"),
    path("users/<uuid:user_id>/roles/<str:role_code>/end/", users.end_role, name="end_role"),
    path("users/<uuid:user_id>/disable/", users.disable, name="disable"),
    path("users/<uuid:user_id>/enable/", users.enable, name="enable"),
    path("users/<uuid:user_id>/sessions/", users.end_sessions, name="end_sessions"),
    path("users/<uuid:user_id>/recovery/", users.ask_recovery, name="ask_recovery"),
    path("recoveries/", doors.recoveries, name="recoveries"),
    path("recoveries/<uuid:recovery_id>/approve/", doors.approve, name="approve"),
    path("join/<str:code>/", doors.join, name="join"),
    path("recover/<str:code>/", doors.recover, name="recover"),
    path("log/", log.log, name="log"),
    path("log/verify/", log.verify, name="verify"),
]
