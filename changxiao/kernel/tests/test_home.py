"""The home: one folder that only its owner may enter."""

from changxiao.kernel import home


def test_a_new_home_is_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path / "城市 home"))

    assert home.home().stat().st_mode & 0o077 == 0


def test_a_home_that_is_there_keeps_its_mode(tmp_path, monkeypatch):
    tmp_path.chmod(0o750)
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))

    assert home.home().stat().st_mode & 0o777 == 0o750
