// Numbers as text, and shapes as strings of SVG, as in figures/svg.py; coordinates are the plot's own.
// Python writes above this file: STYLE (figures/style.json), SHAPES, DECODERS, ENCODINGS, PALETTES and REASONS.

const fixed = (value, digits) => value.toFixed(digits).replace("-", "−").replace(/^−(0(\.0*)?)$/, "$1");
const pair = (xy, digits = 2) => `(${fixed(xy[0], digits)}, ${fixed(xy[1], digits)})`;
// A sentence of the page's catalogue, with values in place of what stands in braces.
const fill = (template, values) => template.replace(/{(\w+)}/g, (_match, name) => values[name]);

// The colors of the symbols in formulas, which are those of what they stand for in the drawing. A symbol is underlined
// in its color: a box behind it would clip its letters, and letters in these colors are too pale on one of the themes.
const COLORS = Object.fromEntries(Object.entries(STYLE.symbols).map(([symbol, color]) => [symbol, STYLE.colors[color]]));
const colored = (kind) => `class="sym" style="--ink: ${COLORS[kind]}"`;

const tag = (name, attributes, inner = "") =>
  `<${name}${Object.entries(attributes).map(([k, v]) => ` ${k}="${v}"`).join("")}>${inner}</${name}>`;

const lookOf = (name) => DECODERS[name] ?? ENCODINGS[name];

function marker(name, [x, y], size, opacity = 1) {
  const look = lookOf(name), points = SHAPES[look.marker].map(([u, v]) => `${u * size},${v * size}`).join(" ");
  const layer = (fill, width) =>
    tag("polygon", { points, fill, stroke: fill, "stroke-width": width * size, "stroke-linejoin": "round" });
  const layers = layer("#000", STYLE.marker.black) + layer("#fff", STYLE.marker.white) + tag("polygon", { points, fill: look.color });
  return tag("g", { transform: `translate(${x} ${y})`, "data-mark": name, opacity }, layers);
}

function truthMark([x, y], size) {
  const ring = (stroke, width) =>
    tag("circle", { r: size, fill: "none", stroke, "stroke-width": width * size }) +
    tag("path", { d: `M${-size} 0H${size}M0 ${-size}V${size}`, stroke, "stroke-width": width * size, fill: "none" });
  return tag("g", { transform: `translate(${x} ${y})`, "data-mark": "truth" }, ring("#000", STYLE.truth.black) + ring("#fff", STYLE.truth.white));
}

function guessMark([x, y], size) {
  const arms = `M${-size} ${-size}L${size} ${size}M${-size} ${size}L${size} ${-size}`;
  const cross = (stroke, width) =>
    tag("path", { d: arms, stroke, "stroke-width": width * size, "stroke-linecap": "round", fill: "none" });
  return tag("g", { transform: `translate(${x} ${y})`, "data-mark": "guess" }, cross("#000", 0.8) + cross("#fff", 0.4));
}

// A guess of someone in the class: a dot that lets the others shine through.
const cloudDot = ([x, y], size) =>
  tag("circle", { cx: x, cy: y, r: size, fill: "#fff", "fill-opacity": 0.55, stroke: "#000", "stroke-width": size / 5, "data-mark": "class" });

const line = (a, b, color, width, extra = {}) =>
  tag("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: "#000", opacity: STYLE.line.casing_opacity, "stroke-linecap": "round", "stroke-width": width * STYLE.line.casing }) +
  tag("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: color, "stroke-linecap": "round", "stroke-width": width, ...extra });

// A square cased black, its first corner at (x, y).
const frame = (x, y, side, width, color = "#fff") =>
  tag("rect", { x, y, width: side, height: side, fill: "none", stroke: "#000", "stroke-width": width * STYLE.frame.casing }) +
  tag("rect", { x, y, width: side, height: side, fill: "none", stroke: color, "stroke-width": width });

// Pixel borders, at half-integers, inside a square window whose first corner is (x0, y0).
function grid(x0, y0, side) {
  let d = "";
  for (let x = Math.ceil(x0 - 0.5) + 0.5; x < x0 + side; x++) d += `M${x} ${y0}V${y0 + side}`;
  for (let y = Math.ceil(y0 - 0.5) + 0.5; y < y0 + side; y++) d += `M${x0} ${y}H${x0 + side}`;
  return tag("path", { d, stroke: "#fff", "stroke-width": side / STYLE.inset_side_over.grid, opacity: STYLE.grid.opacity, fill: "none" });
}

// At the lower left of a square window whose first corner is (x0, y0).
function scaleBar(x0, y0, side, length) {
  const style = STYLE.scale_bar, thick = side / STYLE.inset_side_over.scale_bar, below = thick * style.casing;
  const x = x0 + side * style.left, y = y0 + side * style.bottom, rx = thick * style.corner;
  return tag("rect", { x, y: y - below / 2, width: length, height: below, fill: "#000", opacity: style.casing_opacity, rx }) +
    tag("rect", { x, y: y - thick / 2, width: length, height: thick, fill: "#fff", rx });
}

// Decoded positions in a window; one outside is drawn on its border, smaller, with a dash that points the way.
function landed(names, landings, truth, [x0, y0, side]) {
  const inset = STYLE.inset, part = STYLE.inset_side_over, size = side / part.marker;
  const center = [x0 + side / 2, y0 + side / 2], inner = side / 2 - inset.border * size;
  let lines = "", marks = truth ? truthMark(truth, size * inset.truth) : "";
  for (const name of names) {
    const offset = landings[name].map((p, axis) => p - center[axis]);
    const far = Math.max(Math.abs(offset[0]), Math.abs(offset[1]));
    const place = far > inner ? center.map((c, axis) => c + (offset[axis] * inner) / far) : landings[name];
    const { color } = lookOf(name);
    if (truth) lines += line(truth, place, color, side / part.error_line);
    if (far > inner) {
      const tail = center.map((c, axis) => c + inset.tail_start * (place[axis] - c));
      lines += line(tail, place, color, side / part.tail, { "stroke-dasharray": side / part.tail_dash });
    }
    marks += far > inner ? marker(name, place, size * inset.beyond, inset.beyond) : marker(name, place, size);
  }
  return lines + marks;
}
