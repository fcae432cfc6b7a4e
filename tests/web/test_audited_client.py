"""The auditor is audited: for every rule there is a page that breaks only that rule."""

from __future__ import annotations

import pytest
from flask import Flask, Response, request

from tests.web.audited_client import audit, audited, untranslated

GOOD = """<!doctype html>
<html lang="en" dir="ltr">
<head><meta charset="utf-8"><title>Your answers – Limpio</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/limpio.css"></head>
<body>
<a href="/es/answers" lang="es" hreflang="es">Español</a>
<main id="main">
<h1>Your answers</h1>
<form method="post"><input type="hidden" name="csrf_token" value="abc">
<label for="name">Name</label><p id="name-hint">As on your papers</p>
<input id="name" name="name" aria-describedby="name-hint">
<fieldset><legend>County</legend>
<input type="radio" id="c0" name="county" value="kern"><label for="c0">Kern</label>
<input type="radio" id="c1" name="county" value="inyo"><label for="c1">Inyo</label>
</fieldset>
<button type="submit">Continue</button></form>
<h2>More</h2>
<p>None of these is a promise. <a href="https://www.lawhelpca.org/" rel="noreferrer">LawHelpCA</a></p>
</main>
</body></html>"""
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}


def problems(html: str = GOOD, path: str = "/en/answers", status: int = 200, **headers: str) -> list[str]:
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return audit(html, path=path, status=status, headers=HEADERS | changed)


def test_a_good_page_has_no_problem() -> None:
    assert problems() == []


BROKEN = [
    ("<h2>More</h2>", "<h2>More</h3>", "not valid HTML"),
    ("<!doctype html>", "", "not valid HTML"),
    ("<p>None", "<p>&nosuch;None", "not valid HTML"),
    ('lang="en" dir', 'lang="es" dir', "the page is in 'en' by its address, but says lang='es'"),
    ('dir="ltr"', 'dir="rtl"', "dir='rtl', but en is written ltr"),
    ("<title>Your answers – Limpio", "<title> – Limpio", "the title says nothing"),
    ("width=device-width", "width=device-width, maximum-scale=1", "the viewport forbids zooming"),
    ('<main id="main">', "<main></main><main>", "there are 2 main elements"),
    ("<h2>More</h2>", "<h1>More</h1>", "there are 2 h1 headings"),
    ("<h1>Your answers</h1>", "<p>Your answers</p>", "there are 0 h1 headings"),
    ("<h2>More</h2>", "<h3>More</h3>", "the headings skip from h1 to h3"),
    ("<h2>More</h2>", "<h2></h2>", "an h2 is empty"),
    ('id="c1"', 'id="c0"', "id 'c0' is used 2 times"),
    ('id="name-hint"', 'id="hint"', "aria-describedby='name-hint' points to nothing"),
    ('<label for="name">', '<label for="nome">', "for='nome' points to nothing"),
    ('<label for="name">Name</label>', "", "the field 'name' has no label"),
    ("<legend>County</legend>", "", "the choices 'county' are not in a fieldset with a legend"),
    ("<legend>County</legend>", "<legend> </legend>", "the choices 'county' are not in a fieldset with a legend"),
    ("<h2>More</h2>", '<h2>More</h2><img src="/x.png">', "an image has no alt"),
    (">Continue<", "><", "a button has no text"),
    (">LawHelpCA<", "><", "a a has no text"),
    ("<h2>More</h2>", '<h2>More</h2><a href="#gone">Gone</a>', "the link '#gone' points to nothing"),
    ('<input id="name"', '<input tabindex="3" id="name"', "tabindex=3"),
    ("</head>", "<style>p{}</style></head>", "a style element is inline"),
    ("</head>", "<script>1</script></head>", "a script is inline"),
    ("<h2>More</h2>", '<h2 style="color:red">More</h2>', "a h2 has a style attribute"),
    ('<button type="submit">', '<button type="submit" onclick="x()">', "a button has onclick="),
    ("<h2>More</h2>", '<h2>More</h2><a href="javascript:x()">Go</a>', "a a has href='javascript:x()'"),
    ("/static/limpio.css", "https://cdn.example/x.css", "a link is loaded from outside"),
    ("/static/limpio.css", "//cdn.example/x.css", "a link is loaded from outside"),
    ("<h2>More</h2>", '<h2>More</h2><iframe src="https://a.example"></iframe>', "a iframe is loaded from outside"),
    ("https://www.lawhelpca.org/", "https://lawhelpca.org.example/", "which is not an official site"),
    ("https://www.lawhelpca.org/", "http://www.lawhelpca.org/", "which is not an official site"),
    (' rel="noreferrer"', "", "lacks rel=noreferrer"),
    ('<form method="post">', '<form method="get">', "does not POST"),
    ('name="csrf_token" value="abc"', 'name="token" value="abc"', "has no csrf_token"),
    ('value="abc"', 'value=""', "has no csrf_token"),
    ('<form method="post">', '<form method="post" action="https://b.example/">', "the form posts outside"),
    ("As on your papers", "Since None", "a left-over 'None'"),
    ("As on your papers", "Hello %(name)s", "a left-over '%('"),
    ("As on your papers", "{{ name }}", "a left-over '{{'"),
    ('<input id="name"', '<input value="None" id="name"', "a left-over 'None'"),
    ('hreflang="es"', 'hreflang="en"', "there is no link to this page in es"),
    ('href="/es/answers"', 'href="/en/answers"', "there is no link to this page in es"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_each_rule_finds_the_page_that_breaks_it(old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("", "has no strict default-src"),
        (POLICY.replace("default-src 'none'", "default-src *"), "has no strict default-src"),
        (POLICY.replace("base-uri 'none'; ", ""), "has no strict base-uri"),
        (POLICY.replace("form-action 'self'", "form-action *"), "has no strict form-action"),
        (POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"), "has no strict frame-ancestors"),
        (POLICY + "; script-src 'unsafe-inline'", "allows 'unsafe-inline' in script-src"),
        (POLICY + "; img-src https:", "allows https: in img-src"),
    ],
)
def test_a_loose_content_security_policy_is_found(policy: str, said: str) -> None:
    assert any(said in problem for problem in problems(Content_Security_Policy=policy))


def test_a_nonce_is_strict() -> None:
    assert problems(Content_Security_Policy=POLICY + "; script-src 'self' 'nonce-abc'") == []


def test_only_public_pages_and_errors_may_be_cached() -> None:
    assert any("may be cached" in problem for problem in problems(Cache_Control="max-age=60"))
    assert problems(Cache_Control="max-age=60", path="/en/privacy") == []
    assert problems(Cache_Control="max-age=60", path="/en/") == []
    assert problems(Cache_Control="max-age=60", status=404) == []


def test_untranslated_text_is_found_on_a_pseudo_page() -> None:
    page = GOOD.replace("Your answers", "⟦Ýóúŕ áñšwéŕš⟧").replace("<h2>More</h2>", "<h2>⟦Móŕé <b>óñé</b>⟧ 3</h2>")
    found = untranslated(page, allowed=("Kern", "Inyo"))
    assert "Name" in found
    assert "Continue" in found
    assert not any("Limpio" in text or "Español" in text or "Kern" in text or "óñé" in text for text in found)
    assert untranslated('<p translate="no">Brand</p><p aria-label="Plain">⟦x⟧</p>') == ["Plain"]


# ---------------------------------------------------------------------------------------------------------- the client


def small_app() -> Flask:
    app = Flask(__name__)

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @app.route("/en/answers", methods=["GET", "POST"])
    def answers() -> str | Response:
        if request.method == "POST":
            return Response(repr(sorted(request.form.to_dict(flat=False).items())), mimetype="text/plain")
        return GOOD

    app.add_url_rule("/en/bad", view_func=lambda: GOOD.replace("</h2>", "</h3>"), endpoint="bad")
    app.add_url_rule("/en/twin", view_func=lambda: GOOD.replace("answers</h1>", "twin</h1>"), endpoint="twin")
    return app


def test_a_bad_page_fails_the_test_that_met_it() -> None:
    client = audited(small_app())
    with pytest.raises(AssertionError, match=r"(?s)GET /en/bad \(200\):.*not valid HTML"):
        client.get("/en/bad")
    client.auditing = False
    assert client.get("/en/bad").status_code == 200


def test_two_views_must_not_share_a_title() -> None:
    client = audited(small_app())
    client.get("/en/answers")
    client.get("/en/answers")
    with pytest.raises(AssertionError, match="twin has the title of answers"):
        client.get("/en/twin")


def test_submit_sends_what_the_form_holds_and_what_was_chosen() -> None:
    client = audited(small_app())
    page = client.get("/en/answers")
    sent = client.submit(page, {"county": "kern"}).text
    assert sent == "[('county', ['kern']), ('csrf_token', ['abc']), ('name', [''])]"
    assert client.submit("/en/answers", {"name": "Ana"}, drop_token=True).text == "[('name', ['Ana'])]"


def test_submit_refuses_what_no_browser_would_send() -> None:
    client = audited(small_app())
    with pytest.raises(AssertionError, match="no field 'nam'"):
        client.submit("/en/answers", {"nam": "Ana"})
    with pytest.raises(AssertionError, match=r"'county' does not offer \['mars'\]"):
        client.submit("/en/answers", {"county": "mars"})
    assert "mars" in client.submit("/en/answers", {"county": "mars"}, tampered=True).text
    with pytest.raises(AssertionError, match="0 forms fit 'elsewhere'"):
        client.submit("/en/answers", action="elsewhere")
