// What the live figures share: markers as in figures/svg.py, maps painted pixel by pixel, a frame that redraws
// at most once a screen refresh, a marker to drag, and the state that Python keeps in the address.
// PALETTES, SHAPES, STYLE (figures/style.json), DECODERS, ENCODINGS and REASONS are written above this file by Python.

const LUT = Object.fromEntries(
  Object.entries(PALETTES).map(([name, text]) => [name, Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]),
);

const fixed = (value, digits) => value.toFixed(digits).replace("-", "−").replace(/^−(0(\.0*)?)$/, "$1");
const signed = (value, digits = 2) => (fixed(value, digits).startsWith("−") ? "" : "+") + fixed(value, digits);
const pair = (xy, digits = 2) => `(${fixed(xy[0], digits)}, ${fixed(xy[1], digits)})`;

// Shapes, as strings; coordinates are the plot's own.

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

const line = (a, b, color, width, extra = {}) =>
  tag("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: "#000", opacity: STYLE.line.casing_opacity, "stroke-linecap": "round", "stroke-width": width * STYLE.line.casing }) +
  tag("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: color, "stroke-linecap": "round", "stroke-width": width, ...extra });

const frameOf = (x, y, w, h, width, color = "#fff") =>
  tag("rect", { x, y, width: w, height: h, fill: "none", stroke: "#000", "stroke-width": width * STYLE.frame.casing }) +
  tag("rect", { x, y, width: w, height: h, fill: "none", stroke: color, "stroke-width": width });

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

// Landing points in a window; one outside is drawn on its border, smaller, with a dash that points the way.
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

// A plot: a canvas of map pixels under an SVG whose units are those pixels.

function paint(canvas, map, low, high, palette = "viridis") {
  if (canvas.width !== map.w || canvas.height !== map.h) [canvas.width, canvas.height] = [map.w, map.h];
  const context = canvas.getContext("2d"), image = context.createImageData(map.w, map.h), lut = LUT[palette];
  map.v.forEach((value, i) => {
    if (Number.isNaN(value)) return; // beyond the map: the page shows through
    const color = 3 * Math.round(clamp((value - low) / (high - low || 1), 0, 1) * 255);
    image.data.set([lut[color], lut[color + 1], lut[color + 2], 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

const cut = (map, x0, y0, w, h) =>
  newMap(w, h, (x, y) => (x + x0 >= 0 && y + y0 >= 0 && x + x0 < map.w && y + y0 < map.h ? at(map, x + x0, y + y0) : NaN));

class Plot {
  constructor(root, name) {
    this.panel = root.querySelector(`[data-panel="${name}"]`);
    this.canvas = this.panel.querySelector("canvas");
    this.svg = this.panel.querySelector("svg");
    this.overlay = this.svg.querySelector(".overlay");
  }
  view(x, y, w, h) {
    const box = `${x} ${y} ${w} ${h}`;
    if (this.svg.getAttribute("viewBox") !== box) this.svg.setAttribute("viewBox", box);
    this.svg.parentElement.style.aspectRatio = `${w} / ${h}`;
  }
  over(shapes) { this.overlay.innerHTML = shapes; }
  say(alt, note) {
    this.svg.setAttribute("aria-label", alt);
    if (note !== undefined) this.panel.querySelector(".note").textContent = note;
  }
}

const plotHtml = (name, title, { parts = "", classes = "" } = {}) =>
  `<figure class="panel ${classes}" data-panel="${name}" data-part="${parts}"><p class="title"><span>${title}</span><span class="magnification"></span></p>` +
  `<div class="plot"><canvas width="1" height="1"></canvas><svg role="img" preserveAspectRatio="none"><g class="overlay"></g></svg></div>` +
  `<figcaption class="note"></figcaption></figure>`;

const keyMark = (name) => `<svg class="key" viewBox="-2 -2 4 4" aria-hidden="true">${name === "truth" ? truthMark([0, 0], 1.3) : marker(name, [0, 0], 1)}</svg>`;
const legendHtml = (names, parts = "answer") =>
  `<ul class="legend" data-part="${parts}">${names.map((name) => `<li>${keyMark(name)}${name === "truth" ? "true joint" : lookOf(name).title}</li>`).join("")}</ul>`;

// The pointer's place in a plot's own coordinates.
function pointed(svg, event) {
  const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [p.x, p.y];
}

// Lets `handle` (a focusable group in svg) be dragged and moved by arrow keys: 0.1, with Shift 1 of `unit`.
// move(xy) is told each new place in the plot's coordinates; at() says where it is.
function draggable(svg, handle, at, move, unit = 1) {
  let grip = null;
  svg.onpointerdown = (event) => {
    const here = at(), there = pointed(svg, event);
    const near = handle.contains(event.target);
    grip = near ? [here[0] - there[0], here[1] - there[1]] : [0, 0];
    svg.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    if (!near) move(there);
    event.preventDefault();
  };
  svg.onpointermove = (event) => {
    if (!grip) return;
    const there = pointed(svg, event);
    move([there[0] + grip[0], there[1] + grip[1]]);
  };
  svg.onpointerup = svg.onpointercancel = () => { grip = null; };
  handle.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    const step = unit * (event.shiftKey ? 1 : 0.1), here = at();
    move([here[0] + way[0] * step, here[1] + way[1] * step]);
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page the arrows step
  };
}

// A slider drawn by the figure itself, so that the picture follows the hand.
function slider(root, name, apply) {
  const input = root.querySelector(`input[data-control="${name}"]`);
  input.oninput = () => apply(Number(input.value));
  input.onkeydown = (event) => event.stopPropagation();
  return (value, text) => {
    if (root.getRootNode().activeElement !== input || Number(input.value) !== value) input.value = value;
    input.setAttribute("aria-valuetext", text);
    input.parentElement.querySelector("output").textContent = text;
  };
}

const sliderHtml = (name, label, low, high, step, parts = "") =>
  `<label class="slider" data-part="${name} ${parts}"><span>${label}</span><input type="range" data-control="${name}" min="${low}" max="${high}" step="${step}" aria-label="${label}"><output></output></label>`;

// Mounts a live figure once and redraws it when its state or Python's data change.
//
// build(root) writes the HTML and returns draw(root), which draws root.state and sets root.drawn, the values drawn.
// The state belongs to the browser until Python names another epoch (a new case, a new picture); what
// changes here is reported at most 14 times a second and always in the end.
function live({ data, parentElement, setStateValue }, build) {
  let root = parentElement.querySelector(".figure-root");
  if (!root) {
    root = document.createElement("div");
    root.className = "figure-root";
    parentElement.appendChild(root);
  }
  root.data = data;
  if (root.epoch !== data.epoch) {
    root.epoch = data.epoch;
    root.state = { ...data.state };
    root.guess = null;
    root.revealed = !data.hide.includes("answer");
  }
  // The page's own button has revealed what the address hid.
  const kept = data.hide.includes("answer");
  if (root.kept && !kept) root.revealed = true;
  root.kept = kept;
  root.send = () => setStateValue("state", { ...root.state, revealed: root.revealed, epoch: root.epoch });
  root.report ??= throttled(() => root.send());
  root.redraw = () => {
    root.waiting ??= requestAnimationFrame(() => {
      root.waiting = undefined;
      root.draw(root);
    });
  };
  root.change = (values) => {
    Object.assign(root.state, values);
    root.redraw();
    root.report();
  };
  root.draw ??= build(root);
  root.classList.toggle("present", data.present);
  root.draw(root);
  hideParts(root);
}

function throttled(send, ms = 70) {
  let timer = null, again = false;
  const run = () => {
    timer = null;
    if (again) {
      again = false;
      send();
      timer = setTimeout(run, ms);
    }
  };
  const ask = () => {
    again = true;
    if (timer === null) run();
  };
  return ask;
}

// ?hide=…: every element that names one of the hidden parts goes; the answer comes back when it is revealed.
function hideParts(root) {
  const hide = new Set(root.data.hide);
  if (root.revealed) hide.delete("answer");
  else hide.add("answer");
  for (const element of root.querySelectorAll("[data-part]")) {
    element.hidden = element.dataset.part.split(" ").some((part) => hide.has(part));
  }
}

// Predict, then reveal: while the answer is hidden the pointer and the arrows move a guess on `plot`.
const predictHtml = (prompt) =>
  `<div class="predict" data-part="predict"><span class="prompt">${prompt}</span><output aria-live="polite"></output>` +
  `<button data-do="reveal">Reveal</button><button data-do="predict">Predict first</button></div>`;

// `start()` is where a guess begins; `answer()` is [x, y] of the result or null, `said(miss)` the sentence on it.
function predicting(root, plot, { start, answer, said, drag }) {
  const box = root.querySelector(".predict");
  const button = (name) => box.querySelector(`[data-do=${name}]`);
  const handle = plot.svg.querySelector(".guess");
  let free = null; // who has the pointer: the joint (true) or the guess (false)
  const switchTo = (revealed) => {
    root.revealed = revealed;
    if (!revealed) root.guess = null;
    hideParts(root);
    root.redraw();
    root.report();
  };
  button("reveal").onclick = () => switchTo(true);
  button("predict").onclick = () => {
    switchTo(false);
    handle.style.display = ""; // what is not displayed takes no focus, and the redraw comes later
    handle.focus({ preventScroll: true });
  };
  return (size) => {
    const open = root.revealed;
    box.classList.toggle("asking", !open);
    button("reveal").hidden = open;
    button("predict").hidden = !open;
    button("reveal").disabled = !root.guess;
    const guess = root.guess ?? start();
    const result = answer();
    const miss = open && root.guess && result ? apart(root.guess, result) : null;
    box.querySelector("output").textContent = miss === null ? "" : said(miss);
    handle.style.display = open && !root.guess ? "none" : "";
    handle.setAttribute("transform", `translate(${guess[0]} ${guess[1]})`);
    handle.setAttribute("tabindex", open ? -1 : 0);
    handle.setAttribute("aria-valuenow", guess[0].toFixed(2));
    handle.setAttribute("aria-valuetext", `your guess: x ${fixed(guess[0], 2)}, y ${fixed(guess[1], 2)} heatmap px`);
    handle.innerHTML = guessMark([0, 0], size);
    handle.setAttribute("opacity", root.guess ? 1 : 0.45); // where the arrows would begin
    plot.svg.classList.toggle("guessing", !open);
    if (free !== open) {
      free = open;
      if (open) drag();
      else {
        draggable(plot.svg, handle, () => root.guess ?? start(), (xy) => {
          root.guess = xy;
          root.redraw();
        });
      }
    }
    return miss === null ? "" : line(root.guess, result, "#fff", size / 4, { "stroke-dasharray": size / 2 });
  };
}
