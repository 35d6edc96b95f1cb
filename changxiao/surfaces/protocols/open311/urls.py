"""Open311 地址, below /open311/; anything else there is a 404 in the protocol's own words."""

from django.urls import path

from changxiao.surfaces.protocols.open311 import (
    bulk,
    operation,
    posting,
    requests,
    services,
    updates,
)

V2 = "v2/"

urlpatterns = [
    # First, what is asked most.
    path(f"{V2}requests.csv", bulk.bulk),
    path(f"{V2}requests.<slug:fmt>", requests.requests),
    path(f"{V2}requests/<slug:number>.<slug:fmt>", requests.one),
    path("discovery.<slug:fmt>", services.discovery),
    # Some clients look below the endpoint they were given.
    path(f"{V2}discovery.<slug:fmt>", services.discovery),
    path(f"{V2}services.<slug:fmt>", services.services),
    path(f"{V2}services/<slug:code>.<slug:fmt>", services.definition),
    path(f"{V2}tokens/<str:token>.<slug:fmt>", posting.token),
    path(f"{V2}servicerequestupdates.<slug:fmt>", updates.updates),
    path("<path:rest>", operation.nowhere),
]
