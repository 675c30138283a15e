from django.urls import path

from . import urls_network, views, views_documents, views_receipts, views_signing

YEAR = "o/<slug:organisation>/year/<slug:framework>/<int:year>/"

urlpatterns = [
    *urls_network.urlpatterns,
    path("o/<slug:organisation>/year/", views.year_list, name="year_list"),
    path(YEAR, views.submission, name="submission"),
    path(f"{YEAR}history/", views.history, name="submission_history"),
    path(f"{YEAR}changes/", views.changes, name="year_changes"),
    path(f"{YEAR}send/", views.send, name="submission_send"),
    path(f"{YEAR}documents/<slug:code>/", views_documents.document, name="submission_document"),
    path(f"{YEAR}documents/<slug:code>/date/", views_documents.document_dates, name="submission_document_date"),
    path(f"{YEAR}documents/<slug:code>/remove/", views_documents.document_remove, name="submission_document_remove"),
    path(f"{YEAR}files/<str:number>/", views_documents.file, name="submission_file"),
    path(f"{YEAR}ask/", views_signing.ask, name="sign_off_ask"),
    path(f"{YEAR}sign/", views_signing.sign, name="sign_off"),
    path(f"{YEAR}sign/not-yet/", views_signing.not_yet, name="sign_off_not_yet"),
    path(f"{YEAR}receipts/<str:number>/", views_receipts.receipt, name="receipt"),
    path(f"{YEAR}receipts/<str:number>/pdf/", views_receipts.receipt_pdf, name="receipt_pdf"),
]
