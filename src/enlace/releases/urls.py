from django.urls import path

from enlace.releases.views import site, work

app_name = "releases"
urlpatterns = [
    path("cifras/", site.start, name="start"),
    path("cifras/cambios/", site.changes, name="changes"),
    path("cifras/atom.xml", site.feed, name="feed"),
    path("cifras/<int:number>/", site.release, name="public"),
    path("cifras/<int:number>/metodo/", site.method, name="method"),
    path("cifras/<int:number>/datos/", site.data, name="data"),
    path("cifras/<int:number>/archivos/<str:name>", site.download, name="download"),
    path("cifras/<int:number>/<slug:indicator>/", site.indicator, name="indicator"),
    path("releases/", work.release_list, name="list"),
    path("releases/prepare/", work.prepare, name="prepare"),
    path("releases/<int:number>/", work.release, name="release"),
    path("releases/<int:number>/files/<str:name>", work.file, name="file"),
    path("releases/<int:number>/approve/", work.approve, name="approve"),
    path("releases/<int:number>/refuse/", work.refuse, name="refuse"),
]
