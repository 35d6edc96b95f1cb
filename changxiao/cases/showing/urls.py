"""公开照片地址, below /cases/: the list, and the pages of one case's photos."""

from django.urls import path

from changxiao.cases.showing import clips, originals, views

urlpatterns = [
    path("photos/", views.waiting, name="public_photos"),
    path("<number:number>/photos/", views.of_case, name="public_photos_of_case"),
    path("<number:number>/photos/<int:pk>/", views.photo, name="public_photo_page"),
    path("<number:number>/photos/<int:pk>/preview.jpg", views.preview, name="public_photo_preview"),
    path("<number:number>/clips/<int:pk>/", clips.clip, name="case_clip"),
    path("<number:number>/photos/<int:pk>/original/", originals.original, name="photo_original"),
]
