#!/bin/sh
# Of a live blog trafilatura changes the order of the text, and leaves out when each post was written.
# Versions: trafilatura==2.3.1, lxml_html_clean==0.4.6
# Input: a page of one article element: headline, introduction, two posts in div elements with a h3, a time element with its
#   words and a paragraph of two sentences each.
# Guess: introduction, first post, second post, each with its heading and its time.
# Seen: the first post stands before the introduction, the second post has lost its heading, and the words of both time
#   elements are gone, with favor_recall and favor_precision alike. Posts cannot be dated from the text, and a sentence that
#   leans on the one before it leans on another.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6
cd "$work"
venv/bin/python - <<'END'
from trafilatura import bare_extraction

def post(letter, hour):
    return (
        f'<div class="post"><h3>Heading {letter}</h3><time datetime="2017-11-17T{hour}:00">{hour}:00 on Friday</time>'
        f"<p>This is what post {letter} tells about the advance on the valley. It has a second sentence of some length too.</p></div>"
    )

page = (
    "<html><head><title>Live</title></head><body><article><h1>Live: the advance</h1>"
    "<p>This is the introduction of the page, which says what happened so far. It has a second sentence as well.</p>"
    + post("A", "12") + post("B", "14") + "</article></body></html>"
)
for options in ({}, {"favor_recall": True}, {"favor_precision": True}):
    text = bare_extraction(page, **options).text
    at = {name: text.find(name) for name in ("introduction", "post A", "post B", "Heading A", "Heading B", "on Friday")}
    print(options, at)
    assert 0 <= at["post A"] < at["introduction"] < at["post B"]
    assert at["Heading A"] >= 0 > at["Heading B"]
    assert at["on Friday"] < 0
END
