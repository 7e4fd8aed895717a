"""The results of bench.py as a table in Markdown and as a chart in SVG."""


def counted(count, noun):
    return f"{count} {noun}" if str(count) == "1" else f"{count} {noun}s"


def row(name, values):
    return f"| {name} | " + " | ".join(values) + " |"


def table(result, lengths):
    """Returns the tables of latency, cold starts, requests and batches as Markdown."""
    lines = ["# Pinson and its peers", "",
             f"One run on {result['machine']}. Each value is the median of {counted(result['rounds'], 'round')}, "
             "in which the programs take turns. All of them use the same checkpoint, in int8 unless the name says "
             "otherwise.", "",
             row("latency, ms", lengths)[:-2] + " tokens |", "|---" * (len(lengths) + 1) + "|"]
    for threads, sides in result["latency"].items():
        for side, times in sides.items():
            lines.append(row(f"{side}, {counted(threads, 'thread')}", (f"{times[n]:.2f}" for n in lengths)))
        for side in sides:
            if side != "onnxruntime":
                ratios = (f"**{sides['onnxruntime'][n] / sides[side][n]:.2f}×**" for n in lengths)
                lines.append(row(f"**onnxruntime / {side}**", ratios))
    if "cold" in result:
        lines += ["", "| | cold start, ms | peak memory, MB |", "|---|---|---|"]
        lines += [row(name, (f"{v['ms']:.1f}", f"{v['MB']:.1f}")) for name, v in result["cold"].items()]
    if "http" in result:
        clients = list(next(iter(result["http"].values())))
        lines += ["", row("requests a second (p50 / p99 ms)", (counted(c, "client") for c in clients)),
                  "|---" * (len(clients) + 1) + "|"]
        for name, loads in result["http"].items():
            lines.append(row(name, (f"{v['rate']:.0f} ({v['p50']:.1f} / {v['p99']:.1f})" for v in loads.values())))
        errors = {name: sum(v["errors"] for v in loads.values()) for name, loads in result["http"].items()}
        growth = max(v["growth"] for v in result["http"]["pinson"].values())
        lines += ["", f"Errors: {errors}. Under load, the memory of pinson grew by at most {growth:.1f} MB."]
    if "batch" in result:
        lines += ["", f"Batch classification: {result['batch']:.0f} tweets a second."]
    return "\n".join(lines) + "\n"


def chart(result, lengths):
    """Returns a bar chart of the ratios: how many times faster or smaller Pinson is than its peers."""
    bars = [(f"{n} tokens, {counted(threads, 'thread')}", sides["onnxruntime"][n] / sides["pinson"][n])
            for threads, sides in result["latency"].items() for n in lengths]
    if "cold" in result:
        cold = result["cold"]
        bars.append(("cold start", cold["FastAPI"]["ms"] / cold["pinson"]["ms"]))
        bars.append(("memory", cold["FastAPI"]["MB"] / cold["pinson"]["MB"]))
    if "http" in result:
        http = result["http"]
        bars += [(f"HTTP, {counted(c, 'client')}", v["rate"] / http["FastAPI"][c]["rate"])
                 for c, v in http["pinson"].items()]
    height = 24 * len(bars)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{40 + height}"'
             ' font-family="sans-serif" font-size="13">',
             '<rect width="100%" height="100%" fill="white"/>',
             '<text x="10" y="22" font-weight="bold">'
             'Times faster or smaller than ONNX Runtime and FastAPI (axis ends at 8)</text>']
    for index, (name, ratio) in enumerate(bars):
        y, width = 36 + 24 * index, min(ratio, 8) * 50
        parts += [f'<text x="170" y="{y + 13}" text-anchor="end">{name}</text>',
                  f'<rect x="180" y="{y}" width="{width:.0f}" height="17" fill="#2a7ab0"/>',
                  f'<text x="{186 + width:.0f}" y="{y + 13}">{ratio:.2f}×</text>']
    line = f'<line x1="230" y1="30" x2="230" y2="{36 + height}" stroke="#c33"/>'  # the ratio 1
    return "".join(parts) + line + "</svg>\n"
