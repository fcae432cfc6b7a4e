"""One person's browser: a context of its own, watched.

Whatever a page does wrong on the way fails the test that met it: an error in the console, a request that failed or
went to another machine, an answer of the server that nobody expected, something axe finds, something that is cut or
wider than the screen. axe looks at every page that is not built just like one it has seen (the next question with two
answers): it judges how a page is built, and takes longer than everything else.

    person = visitors(js=False, width=360)
    person.go("/es/")
    person.send()                                     # presses the page's main button
    person.answers_with(422, person.send)             # this press must be refused, with this status
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any, ClassVar
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Download, Page, Request, Response
from playwright.sync_api import Error as PlaywrightError

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
    "preload": False,
}
WEATHER = "www.weather.gov"
PATIENCE = 15_000  # milliseconds

# Read in the page: everything wider than the screen, everything cut, every target too small to hit. Text inside a
# sentence may be a small link (WCAG 2.5.8); axe judges those by the space around them.
LAYOUT = """() => {
  const wrong = [];
  const wide = document.documentElement.clientWidth;
  const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "")
    + (typeof e.className === "string" && e.className ? "." + e.className : "")
    + " " + JSON.stringify((e.textContent || e.value || "").trim().slice(0, 40));
  if (document.documentElement.scrollWidth > wide)
    wrong.push(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${wide} px`);
  const hidden = (e) => !e.checkVisibility() || e.closest(".seen-by-reader, .skip");
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("svg") || hidden(e)) continue;
    const box = e.getBoundingClientRect();
    if (!e.closest(".wide") && box.width && (box.right > wide + 1 || box.left < -1))
      wrong.push(`${name(e)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} px of ${wide}`);
    const style = getComputedStyle(e);
    const clips = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
    // A box of one line moves with what is written in it.
    if ((clips || e.matches("button, summary, .button")) && style.display !== "inline" && !e.matches("input.full")
        && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
      wrong.push(`${name(e)} is cut: ${e.scrollWidth}x${e.scrollHeight} px in ${e.clientWidth}x${e.clientHeight}`);
    if (e.matches("a[href], button, input:not([type=hidden]), select, textarea, summary") && style.display !== "inline"
        && (box.width < 24 || box.height < 24))
      wrong.push(`${name(e)} is a target of ${Math.round(box.width)}x${Math.round(box.height)} px`);
  }
  return wrong;
}"""
# Read in the page: how it is built, without what it says. axe judges two pages alike that differ only in their words.
BUILT = """() => {
  const said = ["value", "href", "action", "content", "max", "src"];
  const attribute = (a) => a.name + (said.includes(a.name) ? "" : "=" + a.value);
  const inside = (n) => n.nodeType === 1 ? `(${of(n)})` : n.nodeType === 3 && n.data.trim() ? "t" : "";
  const of = (e) => e.tagName + [...e.attributes].map(attribute).join() + [...e.childNodes].map(inside).join("");
  return of(document.documentElement);
}"""
# WCAG 1.4.12, as a style sheet that the page's own policy cannot refuse.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p, li, dd, dt, h1, h2, h3 { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


class Visitor:
    looked_at: ClassVar[set[tuple[str, bool, int]]] = set()  # how pages are built that axe has seen, in this process

    def __init__(self, browser: Browser, address: str, *, js: bool, width: int, height: int, dark: bool) -> None:
        self.js = js
        self.dark = dark
        self.address = address
        self.problems: list[str] = []
        self.pages: dict[str, str] = {}  # path and query of each page seen: its first heading
        self._expected: set[int] = set()
        self.left_for_weather = False
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            java_script_enabled=js,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self._tab()

    def _tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"a script failed: {error}"))
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        return page

    # ---- what goes wrong

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.hostname == WEATHER and request.is_navigation_request():
            self.left_for_weather = True  # where the quick exit leads
        elif url.netloc != urlsplit(self.address).netloc:
            self.problems.append(f"a request to another machine: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        refused = any(f"status of {status} " in message.text for status in self._expected)
        if message.type in {"error", "warning"} and not refused:
            self.problems.append(f"in the console: {message.text} ({message.location.get('url')})")

    def _failed(self, request: Request) -> None:
        if urlsplit(request.url).hostname == WEATHER:
            return  # this browser finds no other machine
        # A download ends the navigation that began it; an icon is given up when the next page comes sooner.
        given_up = request.failure == "net::ERR_ABORTED" and request.url.endswith(("/papers/download", "/icon.svg"))
        if not given_up:
            self.problems.append(f"a request failed: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.problems.append(f"{response.request.method} {response.url} was answered with {response.status}")

    def close(self) -> None:
        """Ends this browser; fails for everything that went wrong in it."""
        self.context.close()
        assert not self.problems, "\n".join(self.problems)

    # ---- doing

    @property
    def path(self) -> str:
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("main h1").inner_text().split())

    @property
    def lang(self) -> str:
        return self.page.locator("html").get_attribute("lang") or ""

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.arrived()

    def follow(self, selector: str) -> None:
        """Presses something that leads to another page."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).first.click()
        self.arrived()

    def send(self, selector: str = "main form button[type=submit]") -> None:
        self.follow(selector)

    def press(self, key: str) -> None:
        """Presses a key that leads to another page."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        self.arrived()

    def answers_with(self, status: int, doing: Callable[[], object]) -> None:
        """Does something that the server must answer with this status, on the way or at the end."""
        seen: list[int] = []

        def note(response: Response) -> None:
            seen.append(response.status)

        self._expected.add(status)
        self.page.on("response", note)
        try:
            doing()
        finally:
            self.page.remove_listener("response", note)
            self.page.wait_for_timeout(20)  # the console tells of it a moment later
            self._expected.discard(status)
        assert status in seen, f"{self.path}: answered with {seen}, not {status}"

    def in_a_new_tab(self) -> None:
        """Goes on in another tab of the same browser; the old one is closed, whatever it is still loading."""
        old, self.page = self.page, self._tab()
        old.close()

    def leave(self, doing: Callable[[], object]) -> None:
        """Does something that leads away from this site, to the weather."""
        try:
            with self.page.expect_navigation():
                doing()
        except PlaywrightError as error:
            assert "ERR_NAME_NOT_RESOLVED" in str(error), error  # noqa: PT017 - no exception at all is wrong too
        assert self.left_for_weather
        for _ in range(250):
            if self.page.url.startswith("chrome-error:"):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"the browser stays at {self.page.url}")

    def download(self, selector: str) -> Download:
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.click()
        return waiting.value

    def stored(self, name: str) -> str | None:
        """The value of a cookie; None when there is none."""
        return next((cookie["value"] for cookie in self.context.cookies() if cookie.get("name") == name), None)

    def size(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    # ---- looking

    def arrived(self) -> None:
        """What holds for every page."""
        new = self.path not in self.pages
        self.pages[self.path] = self.heading
        assert self.lang in self.path, f"{self.path} says that it is in {self.lang!r}"
        self.fits()
        if self.js and new:
            size = self.page.viewport_size or {"width": 0}
            built = (self.page.evaluate(BUILT), self.dark, size["width"])
            if built not in self.looked_at:
                self.accessible()
                self.looked_at.add(built)

    def fits(self) -> None:
        wrong = self.page.evaluate(LAYOUT)
        size = self.page.viewport_size
        assert not wrong, "\n".join([f"{self.path} at {size}:", *wrong])

    def fits_spaced(self) -> None:
        self.page.evaluate(SPACED)
        self.fits()

    def accessible(self) -> None:
        """axe finds nothing. Needs JavaScript."""
        self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
        told = [
            f"{violation['id']}: {node['target']} {node['html'][:200]} {node.get('failureSummary')}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
        assert not told, "\n".join([f"axe at {self.path}:", *told])
