"""Somebody who has no mouse, and who always sees where they are."""

from playwright.sync_api import Locator

from .visitor import Visitor

# Nothing when the focus can be seen: an outline or a ring on the element, its label, or what its label draws.
UNSEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "nothing has the focus";
  const seen = (element, part) => {
    const style = getComputedStyle(element, part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const box = e.getBoundingClientRect();
  if (box.bottom < 0 || box.top > innerHeight) return `out of sight: ${e.outerHTML.slice(0, 120)}`;
  const places = [e, ...(e.labels ?? []), e.closest(".lg-choice__row"), e.closest(".lg-drop")].filter(Boolean);
  return places.some((place) => seen(place) || seen(place, "::before")) ? "" : e.outerHTML.slice(0, 160);
}"""


class Keys:
    """Somebody who has no mouse."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.page = visitor, visitor.page

    def see(self) -> None:
        assert not (unseen := self.page.evaluate(UNSEEN)), unseen

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, place: Locator, most: int = 60) -> None:
        """Tab until ``place`` has the focus, looking at every stop."""
        for _stop in range(most):
            self.press("Tab")
            self.see()
            if place.evaluate("(element) => element === document.activeElement"):
                return
        raise AssertionError(f"{place} is not among the next {most} stops")

    def has_focus(self, place: Locator) -> bool:
        return bool(place.evaluate("(element) => element.contains(document.activeElement)"))
