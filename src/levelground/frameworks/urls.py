from typing import Any

from django.urls import include, path

from .views import drafting, importing, lifecycle, reading

_version: list[Any] = [
    path("", reading.version, name="framework_version"),
    path("theme/<str:code>/", reading.theme, name="framework_theme"),
    path("file.<str:kind>", reading.download, name="framework_download"),
    path("compare/", lifecycle.compare, name="framework_compare"),
    path("publish/", lifecycle.publish, name="framework_publish"),
    path("next/", lifecycle.move, name="framework_move"),
    path("correct/", lifecycle.correct, name="framework_correct"),
    path("discard/", lifecycle.discard, name="framework_discard"),
    path("add/<str:level>/", drafting.add, name="framework_node_add"),
    path("edit/<str:level>/<str:code>/", drafting.edit, name="framework_node_edit"),
    path("move/<str:level>/<str:code>/", drafting.move, name="framework_node_move"),
    path("remove/<str:level>/<str:code>/", drafting.remove, name="framework_node_remove"),
]
_frameworks: list[Any] = [
    path("", reading.framework_list, name="framework_list"),
    path("import/", importing.upload, name="framework_import"),
    path("import/<slug:upload>/", importing.check, name="framework_import_check"),
    path("<slug:framework>/", reading.framework, name="framework"),
    path("<slug:framework>/details/", drafting.details, name="framework_details"),
    path("<slug:framework>/<int:number>/", include(_version)),
]
urlpatterns = [path("n/<slug:network>/frameworks/", include(_frameworks))]
