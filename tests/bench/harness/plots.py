"""One bar chart a figure, by gnuplot as SVG: a bar is a median, its whisker the least and the most of the rounds."""

import shutil
import statistics
import subprocess

COLOURS = {True: "#2f6f9f", False: "#b9b9b9"}  # ours, others
WIDE = 20  # from this ratio between bars on, the axis is logarithmic


def draw(name, figure, measured, directory):
    bars = [(who, values[figure]) for who, values in measured.figures.items() if figure in values]
    if len(bars) < 2 or not shutil.which("gnuplot"):
        return None
    file = directory / f"{name}-{''.join(c if c.isalnum() else '-' for c in figure).strip('-')}.svg"
    subprocess.run(["gnuplot"], input=script(file, measured.row.title, figure, bars), text=True, check=True, timeout=60)
    return file


def script(file, title, figure, bars):
    medians = [statistics.median(values) for _, values in bars]
    wide = min(medians) > 0 and max(medians) / min(medians) > WIDE
    lines = []
    for place, (who, values) in enumerate(bars):
        median = statistics.median(values)
        colour = COLOURS[who.startswith(("rota", "Rota"))].replace("#", "0x")
        lines.append(f'{len(bars) - place} {median} {min(values)} {max(values)} {colour} "{who}"')
    data = "\n".join(lines)
    left = min(min(values) for _, values in bars)
    return f"""
set terminal svg size 860,{90 + 30 * len(bars)} font "sans,13" background "white"
set output "{file}"
set title "{title}, {figure}" noenhanced
set style fill solid 0.9 noborder
set border 1
set ytics nomirror scale 0
set xtics nomirror
{"set logscale x" if wide else ""}
set xrange [{left / 2 if wide else 0}:*]
set yrange [0.4:{len(bars)}.6]
unset key
$data << END
{data}
END
plot $data using ({left / 2 if wide else 0}):1:({left / 2 if wide else 0}):2:($1-0.35):($1+0.35):5:ytic(6) with boxxyerror linecolor rgb variable, \\
     $data using 2:1:3:4 with xerrorbars linecolor rgb "black" pointtype 0
"""
