from django.urls import path

from .views import beside, charts, defining, entering, history, pasting, plans, reading, tables

M = "measures/<str:number>/"
PLAN = "o/<slug:organisation>/measures/plan/"

urlpatterns = [
    path("measures/", reading.mine, name="my_measures"),
    path("o/<slug:organisation>/measures/", reading.listing, name="measure_list"),
    path("o/<slug:organisation>/measures/new/", defining.new, name="measure_new"),
    path("o/<slug:organisation>/measures/wall/", charts.wall, name="measure_wall"),
    path("o/<slug:organisation>/measures/table/", tables.table, name="measure_table"),
    path("o/<slug:organisation>/measures/table/<str:kind>/", tables.download, name="measure_table_download"),
    path(PLAN, plans.index, name="measure_plans"),
    path(f"{PLAN}<str:owner>/", plans.plan, name="measure_plan"),
    path(f"{PLAN}<str:owner>/agree/", plans.agree, name="measure_plan_agree"),
    path(f"{PLAN}<str:owner>/withdraw/", plans.withdraw, name="measure_plan_withdraw"),
    path("n/<slug:network>/measures/", reading.listing, name="network_measures"),
    path("n/<slug:network>/measures/wall/", charts.wall, name="network_measure_wall"),
    path("n/<slug:network>/measures/table/", tables.table, name="network_measure_table"),
    path("n/<slug:network>/measures/table/<str:kind>/", tables.download, name="network_measure_table_download"),
    path("n/<slug:network>/measures/new/", defining.new, name="network_measure_new"),
    path(M, reading.measure, name="measure"),
    path(f"{M}chart.svg", charts.picture, name="measure_picture"),
    path(f"{M}chart.csv", charts.points, name="measure_points"),
    path(f"{M}chart.png", charts.picture_png, name="measure_picture_png"),
    path(f"{M}download/<str:kind>/", reading.download, name="measure_download"),
    path(f"{M}exact/", history.exact, name="measure_exact"),
    path(f"{M}history/", history.history, name="measure_history"),
    path(f"{M}versions/", history.versions, name="measure_versions"),
    path(f"{M}edit/", defining.edit, name="measure_edit"),
    path(f"{M}publish/", defining.publish, name="measure_publish"),
    path(f"{M}unpublish/", defining.unpublish, name="measure_unpublish"),
    path(f"{M}archive/", defining.archive, name="measure_archive"),
    path(f"{M}restore/", defining.restore, name="measure_restore"),
    path(f"{M}targets/", beside.targets, name="measure_targets"),
    path(f"{M}targets/<str:target>/remove/", beside.target_remove, name="measure_target_remove"),
    path(f"{M}phases/", beside.phases, name="measure_phases"),
    path(f"{M}phases/<str:phase>/remove/", beside.phase_remove, name="measure_phase_remove"),
    path(f"{M}left-out/", beside.left_out, name="measure_left_out"),
    path(f"{M}left-out/<str:left_out>/take-back/", beside.left_out_take_back, name="measure_take_back"),
    path(f"{M}notes/", beside.notes, name="measure_notes"),
    path(f"{M}notes/<str:note>/", beside.note, name="measure_note"),
    path(f"{M}notes/<str:note>/remove/", beside.note_remove, name="measure_note_remove"),
    path(f"{M}numbers/", entering.numbers, name="measure_numbers"),
    path(f"{M}paste/", pasting.paste, name="measure_paste"),
    path(f"{M}paste/save/", pasting.save, name="measure_paste_save"),
]
