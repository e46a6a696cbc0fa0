#!/usr/bin/env python3
"""The perceptrons of the engine benchmark in PyTorch, for its column of the same run.

Reads one JSON object a line: {"op": "step" | "render" | "functions", "kind": "sine" | "relu" | "gauss" | "finer",
"widths": [...], "omega": w, "encoding": "none" | "positional" | "gaussian", "samples": n, "batch": m, "functions": b,
"threads": t, "cpu": false}. Prints the milliseconds of one execution, of the processor or of the clock, after a first one that does not count.
"""
import json
import math
import sys
import time

import torch

made = {}


def activation(kind, u, omega):
    if kind == "sine":
        return torch.sin(u)
    if kind == "gauss":
        return torch.exp(-u * u)
    if kind == "finer":
        return torch.sin((u.abs() / omega + 1) * u)
    return torch.relu(u)


def encode(r, x, b):
    if r["encoding"] == "none":
        return x
    if r["encoding"] == "positional":
        phase = (x.unsqueeze(-1) * b).flatten(-2) * math.pi
    else:
        phase = torch.nn.functional.linear(x + 1, b) * math.pi
    return torch.cat([phase.cos(), phase.sin()], -1)


def forward(r, x, b, w):
    h = encode(r, x, b)
    for i in range(0, len(w) - 2, 2):
        z = torch.nn.functional.linear(h, w[i], w[i + 1])
        h = activation(r["kind"], z * r["omega"] if r["omega"] != 1 else z, r["omega"])
    return torch.nn.functional.linear(h, w[-2], w[-1])


def make(r):
    widths = r["widths"]
    b = None
    if r["encoding"] == "positional":
        b = torch.exp(torch.linspace(0, math.log(1024), widths[0] // 4))
    if r["encoding"] == "gaussian":
        b = torch.randn(widths[0] // 2, 2) * 10
    x = torch.rand(r["samples"], 2) * 2 - 1
    y = torch.rand(r["samples"], widths[-1])
    w = []
    for i in range(len(widths) - 1):
        bound = (math.sqrt(6 / widths[i]) / 30 if i else 1 / widths[i]) if r["kind"] == "sine" else 1 / math.sqrt(widths[i])
        w.append(((torch.rand(widths[i + 1], widths[i]) * 2 - 1) * bound).requires_grad_())
        w.append(((torch.rand(widths[i + 1]) * 2 - 1) / math.sqrt(widths[i])).requires_grad_())
    if r["op"] == "render":
        def run():
            with torch.no_grad():
                forward(r, x, b, w)
    elif r["op"] == "functions":
        many = [t.detach().unsqueeze(0).repeat(r["functions"], *[1] * t.dim()) for t in w]
        points = x.unsqueeze(0).repeat(r["functions"], 1, 1)

        def run():
            with torch.no_grad():
                h = points
                for i in range(0, len(many), 2):
                    h = torch.baddbmm(many[i + 1].unsqueeze(1), h, many[i].transpose(1, 2))
                    if i + 2 < len(many):
                        h = activation(r["kind"], h * r["omega"], r["omega"])
    else:
        adam = torch.optim.Adam(w, 1e-4)

        def run():
            if r["batch"]:
                chosen = torch.randint(0, r["samples"], (r["batch"],))
                xs, ys = x[chosen], y[chosen]
            else:
                xs, ys = x, y
            adam.zero_grad()
            loss = torch.nn.functional.mse_loss(forward(r, xs, b, w), ys)
            loss.backward()
            adam.step()
            loss.item()
    return run


for line in sys.stdin:
    request = json.loads(line)
    torch.set_num_threads(request["threads"])
    key = json.dumps({k: v for k, v in request.items() if k not in ("threads", "cpu")})
    if key not in made:
        # One at a time is kept: the caller goes row by row.
        made.clear()
        made[key] = make(request)
        made[key]()
    now = time.process_time if request["cpu"] else time.perf_counter
    best = float("inf")
    begin = now()
    while True:
        start = now()
        made[key]()
        best = min(best, now() - start)
        if now() - begin > 0.06:
            break
    print(best * 1e3, flush=True)
