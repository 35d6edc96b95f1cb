"""One page as it is shown: whose it is, how one comes to it, and in what window."""

from dataclasses import dataclass

DESK, HAND = (1280, 860), (390, 844)
CASE = "a[href^='/cases/2']"


@dataclass(frozen=True, slots=True)
class Shown:
    """One page. `follow` is a link to go on to, `then` what is put behind its address; `press`
    are clicked in turn once the page is there; `paper` is printed; a tour leaves out what has no
    `words`."""

    name: str
    post: str
    path: str
    words: str = ""
    follow: str = ""
    then: str = ""
    press: tuple[str, ...] = ()
    size: tuple[int, int] = DESK
    paper: bool = False
