// A plot: a canvas of heatmap pixels under an SVG whose units are those pixels.

const LUT = Object.fromEntries(
  Object.entries(PALETTES).map(([name, text]) => [name, Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]),
);

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
  // Which values the colors run over, at the end of the title.
  range(low, high, palette = "viridis", digits = 1) {
    const lut = LUT[palette], at = (k) => 3 * Math.min(32 * k, 255);
    const stops = Array.from({ length: 9 }, (_, k) => `rgb(${lut.slice(at(k), at(k) + 3).join(" ")})`);
    const written = (value) => fixed(value, Number.isInteger(value) ? 0 : digits);
    this.panel.querySelector(".range").innerHTML =
      `${written(low)}<i style="background: linear-gradient(to right, ${stops.join(", ")})"></i>${written(high)}`;
  }
  over(shapes) { this.overlay.innerHTML = shapes; }
  say(alt, note) {
    this.svg.setAttribute("aria-label", alt);
    if (note !== undefined) this.panel.querySelector(".note").textContent = note;
  }
}

const plotHtml = (name, title, { parts = "", classes = "" } = {}) =>
  `<figure class="panel ${classes}" data-panel="${name}" data-part="${parts}"><p class="title"><span>${title}</span><span class="range"></span><span class="magnification"></span></p>` +
  `<div class="plot"><canvas width="1" height="1"></canvas><svg role="img" preserveAspectRatio="none"><g class="overlay"></g></svg></div>` +
  `<figcaption class="note"></figcaption></figure>`;

const keyMark = (name) => `<svg class="key" viewBox="-2 -2 4 4" aria-hidden="true">${name === "truth" ? truthMark([0, 0], 1.3) : marker(name, [0, 0], 1)}</svg>`;
// The marks of decoders or encodings by their titles; `truth` is the word for the true joint.
const legendHtml = (names, truth, parts = "answer") =>
  `<ul class="legend" data-part="${parts}">${names.map((name) => `<li>${keyMark(name)}${name === "truth" ? truth : lookOf(name).title}</li>`).join("")}</ul>`;
