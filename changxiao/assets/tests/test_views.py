"""Components over HTTP: found by code, name and place, and only inside one's area."""

import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory

from changxiao.areas import home
from changxiao.assets import views
from changxiao.assets.models import Component
from changxiao.assets.tests.conftest import COVER, LAMP
from changxiao.kernel.scope import PUBLIC, Grant, NoViewer, Viewer, current, viewing
from changxiao.orgs.models import Staff

HERE = Viewer("staff", "wang", (Grant("collector", "440511"),))
ELSEWHERE = Viewer("staff", "li", (Grant("collector", "440507"),))


def ask(view, query="", viewer=HERE, **kwargs):
    request = RequestFactory().get(f"/components/{query}")
    request.user = Staff(username="wang", name="王监督")
    with viewing(viewer):
        return view(request, **kwargs).content.decode()


def test_a_component_is_found_by_code_and_by_name_and_by_state(take):
    take(COVER, LAMP)

    for query in ("?q=44051101", "?q=路灯&state=damaged", ""):
        assert "路灯" in ask(views.components, query)
    assert LAMP[0] not in ask(views.components, "?q=井盖")
    assert "没有符合条件的部件" in ask(views.components, "?q=石狮")


def test_what_stands_near_is_told_nearest_first(take):
    take(COVER, LAMP)
    page = ask(views.near, "near?lon=116.6811&lat=23.354")

    assert page.index(COVER[0]) < page.index(LAMP[0])
    assert "10 米" in page and "路灯" in page


@pytest.mark.parametrize("query", ["", "?lon=x&lat=1", "?lon=200&lat=1", "?lon=1&lat=1&crs=mars"])
def test_a_point_that_is_none_is_not_found(take, query):
    with pytest.raises(Http404):
        ask(views.near, f"near{query}")


def test_a_component_s_page_tells_whose_it_is_and_what_was_done(take):
    take(COVER)
    take([*COVER[:4], "丢失", *COVER[5:]], label="next year")
    page = ask(views.component, code=COVER[0])

    assert "自来水公司" in page and "铸铁" in page and "丢失" in page
    assert "zheng" in page


@pytest.mark.parametrize("viewer", [ELSEWHERE, PUBLIC, Viewer("staff", "new")])
def test_components_of_another_area_are_not_there(take, viewer):
    take(COVER)

    assert COVER[0] not in ask(views.components, viewer=viewer)
    assert COVER[0] not in ask(views.near, "near?lon=116.681&lat=23.354", viewer=viewer)
    with pytest.raises(Http404):
        ask(views.component, viewer=viewer, code=COVER[0])


def test_a_component_in_a_grid_belongs_to_the_grid_s_street(take):
    take(COVER)
    Component.everything.update(unit_grid_code="440511002003001")
    street = Viewer("staff", "wang", (Grant("collector", "440511002"),))
    other = Viewer("staff", "li", (Grant("collector", "440511003"),))

    assert COVER[0] in ask(views.components, viewer=street)
    assert COVER[0] not in ask(views.components, viewer=other)


def test_nobody_reads_components_without_a_viewer(db):
    with pytest.raises(NoViewer):
        current()
    with pytest.raises(NoViewer):
        Component.objects.count()


def test_a_list_page_costs_one_statement(take, monkeypatch, django_assert_num_queries):
    take(COVER, LAMP)
    # The frame names the city, which a process reads once and a test's transaction each time.
    monkeypatch.setitem(home._read, str(connection.settings_dict["NAME"]), "440500")
    with django_assert_num_queries(1):
        ask(views.components)
