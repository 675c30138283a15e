from django.urls import path

from . import views, views_actions, views_indicator, views_plan, views_plan_files, views_sheets, views_snapshots

BOOK = "o/<slug:organisation>/workbook/<slug:framework>/"

urlpatterns = [
    path("o/<slug:organisation>/workbook/", views.workbook_list, name="workbook_list"),
    path("o/<slug:organisation>/actions/", views_plan.my_actions, name="organisation_actions"),
    path(BOOK, views.workbook, name="workbook"),
    path(f"{BOOK}all/", views.whole, name="workbook_all"),
    path(f"{BOOK}answer/", views.answer, name="workbook_answer"),
    path(f"{BOOK}results/", views.results, name="workbook_results"),
    path(f"{BOOK}version/", views.new_version, name="workbook_version"),
    path(f"{BOOK}theme/<str:theme>/", views.theme, name="workbook_theme"),
    path(f"{BOOK}indicator/<str:code>/", views_indicator.indicator, name="workbook_indicator"),
    path(f"{BOOK}indicator/<str:code>/history/", views_indicator.history, name="workbook_history"),
    path(f"{BOOK}indicator/<str:code>/assign/", views_indicator.assign, name="workbook_assign"),
    path(f"{BOOK}indicator/<str:code>/comment/", views_indicator.comment, name="workbook_comment"),
    path(f"{BOOK}indicator/<str:code>/evidence/", views_indicator.add_evidence, name="evidence_add"),
    path(f"{BOOK}indicator/<str:code>/actions/", views_actions.create, name="action_create"),
    path(f"{BOOK}evidence/<str:number>/", views_indicator.evidence, name="evidence"),
    path(f"{BOOK}evidence/<str:number>/file/", views_indicator.evidence_file, name="evidence_file"),
    path(f"{BOOK}evidence/<str:number>/file/<int:edition>/", views_indicator.evidence_edition, name="evidence_edition"),
    path(f"{BOOK}evidence/<str:number>/newer/", views_indicator.renew_evidence, name="evidence_renew"),
    path(f"{BOOK}evidence/<str:number>/remove/", views_indicator.remove_evidence, name="evidence_remove"),
    path(f"{BOOK}plan/", views_plan.plan, name="action_plan"),
    path(f"{BOOK}plan/dates/", views_plan.dates, name="action_dates"),
    path(f"{BOOK}plan/new/", views_actions.create_general, name="action_new"),
    path(f"{BOOK}actions/<str:number>/", views_actions.action, name="action"),
    path(f"{BOOK}actions/<str:number>/move/", views_plan.move, name="action_move"),
    path(f"{BOOK}actions/<str:number>/note/", views_actions.note, name="action_note"),
    path(f"{BOOK}snapshots/", views_snapshots.snapshots, name="snapshot_list"),
    path(f"{BOOK}snapshots/<str:number>/compare/", views_snapshots.compare, name="snapshot_compare"),
    path("snapshots/<str:number>/", views_snapshots.snapshot, name="snapshot"),
    path("snapshots/<str:number>/documents/<str:file>/", views_snapshots.sent_file, name="snapshot_document"),
    # The workbook as a spreadsheet, and the plan as files.
    path(f"{BOOK}spreadsheet/", views_sheets.sheet, name="workbook_sheet"),
    path(f"{BOOK}spreadsheet/download/", views_sheets.download, name="workbook_sheet_download"),
    path(f"{BOOK}spreadsheet/difference/", views_sheets.difference, name="workbook_sheet_difference"),
    path(f"{BOOK}spreadsheet/apply/", views_sheets.confirm, name="workbook_sheet_apply"),
    path(f"{BOOK}plan/download/<str:kind>/", views_plan_files.download, name="plan_download"),
]
