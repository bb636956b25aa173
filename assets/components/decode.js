// Decode: DARK step by step on one heatmap, every number live, and the positions of all decoders.
// data: size [W, H], sigma (the targets' and the kernel's), back {scale, shift} heatmap px -> photo px, truth or null, and either
// made {amplitude, second_at} with noise (float32 numbers, base64) or map (float32, base64) with ground, the crop;
// text, every word of the figure, from the catalog of the page; code, the lines of the reference.

const READINGS = Object.keys(DECODERS);
const NEAR = 7, NEAR_PRESENTED = 5; // px on a side of the neighborhood; fewer are legible from afar
const READABLE = 0.44; // of the colors: white letters below it, black ones above, both at 4.5 : 1 or more
const CIRCLES = [1, 2]; // in kernel sigmas

export default function (component) {
  mountFigure(component, buildDecode);
}

function buildDecode(root) {
  const { text } = root.data, { steps } = text, last = steps.length;
  const button = (name, label, face) => `<button data-do="${name}" aria-label="${label}" title="${label}">${face}</button>`;
  root.innerHTML =
    `<div class="decode">` +
    `<div class="steps" data-part="tiles steps answer" role="group" aria-label="${text.stepper}">` +
    button("back", text.previous, "◀") + button("play", text.play, `▶ ${text.play}`) + button("next", text.next, "▶") +
    `<ol>${steps.map(([name], k) => `<li><button data-step="${k + 1}">${k + 1}<span> ${name}</span></button></li>`).join("")}</ol></div>` +
    `<div class="map" data-part="tiles">${plotHtml("map", "", { classes: "hands" })}<div class="made">` +
    sliderHtml("noise", text.noise, 0, 0.3, 0.01) + sliderHtml("pedestal", text.pedestal, 0, 0.3, 0.01) + sliderHtml("second", text.second, 0, 1, 0.05) +
    `</div>${predictHtml(text)}</div>` +
    `<div class="near" data-part="tiles answer neighbors">${plotHtml("near", "")}<div class="explain"><p class="what"></p><div class="formula" data-part="formula"></div></div></div>` +
    `<div class="inset" data-part="tiles answer landing">${plotHtml("inset", text.landing)}${legendHtml(["truth", ...READINGS], text.truth)}</div>` +
    `${codeHtml(text, root.data.code)}</div>`;
  const plots = Object.fromEntries(["map", "near", "inset"].map((name) => [name, new Plot(root, name)]));
  const map = plots.map;
  map.svg.setAttribute("role", "group");
  map.svg.insertAdjacentHTML(
    "beforeend",
    `<g class="guess" role="slider" aria-label="${text.guess}" aria-valuenow="0"></g>` +
      `<g class="handle" tabindex="0" role="slider" aria-label="${text.joint}" aria-valuenow="0"></g>`,
  );
  plots.inset.svg.insertAdjacentHTML("afterbegin", `<image preserveAspectRatio="none"></image>`);
  const handle = map.svg.querySelector(".handle");
  const joint = () => [root.state.x, root.state.y];
  const move = ([x, y]) => {
    const [w, h] = root.data.size, held = (value, length) => Math.round(clamp(value, -0.5, length - 0.5) * 100) / 100;
    root.change({ x: held(x, w), y: held(y, h) });
  };
  const still = () => {
    map.svg.onpointerdown = map.svg.onpointermove = map.svg.onpointerup = null;
  };
  const predict = predicting(root, map, {
    start: () => root.data.size.map((length) => (length - 1) / 2),
    answer: () => root.drawn?.landings.dark,
    said: (miss) => fill(text.verdict, { heatmap: fixed(miss, 2), photo: fixed(miss * root.data.photoPx, 1) }),
    drag: () => (root.data.made ? draggable(map.svg, handle, joint, move) : still()),
  });
  const show = Object.fromEntries(["noise", "pedestal", "second"].map((name) => [name, slider(root, name, (value) => root.change({ [name]: value }))]));

  // Buttons, arrow keys and play.
  let playing = null;
  const stop = () => {
    clearInterval(playing);
    playing = null;
    root.querySelector("[data-do=play]").textContent = `▶ ${text.play}`;
  };
  const go = (step) => root.change({ step: clamp(step, 1, last) });
  root.querySelector(".steps").onclick = (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    const { do: what, step } = pressed.dataset;
    if (what === "play" && !playing) {
      if (root.state.step === last) go(1);
      pressed.textContent = `❚❚ ${text.pause}`;
      playing = setInterval(() => (root.isConnected && root.state.step < last ? go(root.state.step + 1) : stop()), 1800);
      return;
    }
    stop();
    if (what === "back") go(root.state.step - 1);
    if (what === "next") go(root.state.step + 1);
    if (step) go(Number(step));
  };
  const keys = (event) => {
    if (!root.isConnected) return document.removeEventListener("keydown", keys);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const within = root.contains(root.getRootNode().activeElement);
    const free = root.data.present && (event.target === document.body || within) && root.querySelector(".steps").checkVisibility();
    if (!by || !root.revealed || event.defaultPrevented || !(within || free)) return;
    stop();
    go(root.state.step + by);
    event.preventDefault();
  };
  document.addEventListener("keydown", keys);

  return () => {
    const { data, state } = root;
    const [w, h] = data.size, raw = mapOf(data, state);
    const read = readAll(raw, data.sigma);
    const { smoothed, step, landings, peak: m } = read;
    const truth = data.made ? (data.made.amplitude > 0 ? joint() : null) : data.truth;
    const stage = root.revealed ? state.step : 1, [title, sentence] = steps[stage - 1];
    const log = newMap(w, h, (_x, _y, i) => Math.log(Math.max(smoothed.v[i], 1e-6)));
    const shown = stage === 1 ? raw : stage === 2 ? smoothed : log;
    const [low, high] = stage < 3 ? [0, 1] : [Math.log(1e-3), 0];
    const size = w / STYLE.heatmap_width_over.marker, mu = landings.dark, photo = mu.map((p, axis) => data.back.scale[axis] * p + data.back.shift[axis]);
    const c = step.center;

    // While presenting two panels stand side by side, the second as the step wants it: before anything is measured.
    root.querySelector(".decode").dataset.show = stage > 6 ? "inset" : "map";

    // The map.
    map.view(-0.5, -0.5, w, h);
    paint(map.canvas, shown, low, high);
    map.range(low, high);
    map.panel.querySelector(".title span").textContent = stage === 1 ? text.raw : stage === 2 ? text.smoothed : text.log;
    const side = data.present ? NEAR_PRESENTED : NEAR, half = side / 2;
    const opened = root.revealed
      ? frame(c[0] - half, c[1] - half, side, w / STYLE.heatmap_width_over.frame) +
        (stage > 3 ? READINGS.filter((name) => name !== "dark" || stage > 7).map((name) => marker(name, landings[name], size)).join("") : "")
      : "";
    map.over(opened + predict(size * 1.4));
    handle.style.display = truth && root.revealed ? "" : "none";
    if (truth) {
      handle.setAttribute("transform", `translate(${truth[0]} ${truth[1]})`);
      handle.setAttribute("tabindex", data.made ? 0 : -1);
      handle.setAttribute("aria-valuenow", truth[0].toFixed(2));
      handle.setAttribute("aria-valuetext", fill(text.position, { x: fixed(truth[0], 2), y: fixed(truth[1], 2) }));
      if (!handle.firstChild) handle.innerHTML = `<circle r="${size * 4}" fill="transparent"></circle>` + truthMark([0, 0], size * STYLE.inset.truth);
    }
    map.svg.classList.toggle("fast", !data.made);
    const miss = (name) => (truth ? apart(landings[name], truth) : apart(landings[name], mu));
    const distances = READINGS.filter((name) => truth || name !== "dark").map((name) => fill(text.error, { decoder: DECODERS[name].title, error: fixed(miss(name), 2) })).join(", ");
    const said = fill(truth ? text.from_truth : text.from_dark, { distances });
    map.say(
      fill(root.revealed ? text.map_alt_errors : text.map_alt, { width: w, height: h, step: title.toLowerCase(), peak: pair(read.rawPeak, 0), errors: said }),
      truth && root.revealed ? (data.made ? text.drag : text.ring) : "",
    );
    root.querySelector(".made").hidden = !data.made;
    for (const name of data.made ? Object.keys(show) : []) show[name](state[name], fixed(state[name], 2));

    // The neighborhood of m, with the pixels a step uses.
    const near = plots.near, x0 = c[0] - (side - 1) / 2, y0 = c[1] - (side - 1) / 2;
    const part = cut(shown, x0, y0, side, side), finite = part.v.filter((v) => !Number.isNaN(v));
    const [dim, bright] = stage < 3 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
    near.view(x0 - 0.5, y0 - 0.5, side, side);
    paint(near.canvas, part, dim, bright);
    near.over(grid(x0 - 0.5, y0 - 0.5, side) + highlight(stage, read, data.sigma) + numbers(shown, c, dim, bright, stage > 6, data.present));
    near.panel.querySelector(".title span").textContent = `${stage} ${title}`;
    root.querySelector(".what").textContent = sentence;
    root.querySelector(".formula").innerHTML = formula(stage, read, data, mu, photo);
    near.say(fill(text.near_alt, { side, peak: pair(c, 0), number: stage, count: last, step: title }));

    // Where everything lands.
    const inset = plots.inset, [center, radius] = insetWindow(landings, truth, m);
    const win = [center[0] - radius, center[1] - radius, 2 * radius], mark = win[2] / STYLE.inset_side_over.marker;
    inset.view(win[0], win[1], win[2], win[2]);
    const image = inset.svg.querySelector("image");
    if (data.ground) {
      if (image.getAttribute("href") !== data.ground) image.setAttribute("href", data.ground);
      for (const [name, value] of Object.entries({ x: -0.5, y: -0.5, width: w, height: h })) image.setAttribute(name, value);
      inset.canvas.style.display = "none";
    } else {
      image.removeAttribute("href");
      inset.canvas.style.display = "";
      placeCanvas(inset, raw, win);
    }
    const lands = READINGS.filter((name) => name !== "dark" || stage > 6);
    inset.over(grid(...win) + landed(lands, landings, truth, win) + (root.guess ? guessMark(root.guess, mark * 1.2) : "") + scaleBar(...win, 1));
    const scale = map.svg.clientWidth ? (inset.svg.clientWidth / win[2] / (map.svg.clientWidth / w)) : 0; // 0: one is hidden
    inset.panel.querySelector(".magnification").textContent = scale ? fill(text.magnification, { times: Math.round(scale) }) : "";
    inset.say(fill(text.landing_alt, { distances: said }), fill(text.bar, { photo: fixed(data.photoPx, 1) }));

    showCode(root.querySelector(".code"), stage, { data, ...read });

    // The stepper.
    for (const item of root.querySelectorAll("[data-step]")) item.setAttribute("aria-current", Number(item.dataset.step) === stage ? "step" : "false");
    root.drawn = {
      map: [...raw.v], smoothed: [...smoothed.v], peak: m, gradient: step.gradient, hessian: step.hessian, offset: step.offset,
      reason: read.reason, landings, photo, truth, misses: Object.fromEntries(READINGS.map((name) => [name, miss(name)])),
    };
  };
}

// The inset holds the near readings and the truth; what is further off is drawn on its border.
function insetWindow(landings, truth, m) {
  const { least_radius, most_radius } = STYLE.inset;
  const held = [landings.argmax, landings.dark, m, ...(truth && apart(truth, landings.dark) < most_radius ? [truth] : [])];
  const low = [0, 1].map((axis) => Math.min(...held.map((p) => p[axis])));
  const high = [0, 1].map((axis) => Math.max(...held.map((p) => p[axis])));
  const radius = clamp(Math.max(high[0] - low[0], high[1] - low[1]) / 2 + STYLE.inset.air, least_radius, most_radius);
  const middle = truth && apart(truth, landings.dark) < 1.2 ? truth : [0, 1].map((axis) => (low[axis] + high[axis]) / 2);
  return [middle, radius];
}

// Map pixels under a window whose edges fall between them: the canvas holds whole pixels and is shifted.
function placeCanvas(plot, map, [x, y, side]) {
  const x0 = Math.floor(x + 0.5), y0 = Math.floor(y + 0.5), n = Math.ceil(side) + 1;
  paint(plot.canvas, cut(map, x0, y0, n, n), 0, 1);
  const share = (value) => `${(100 * value) / side}%`;
  Object.assign(plot.canvas.style, { inset: "auto", left: share(x0 - 0.5 - x), top: share(y0 - 0.5 - y), width: share(n), height: share(n) });
}

// Values written into the nine pixels, dark on bright and bright on dark; `low` in them where markers stand in the middle.
function numbers(map, c, dim, bright, low, large) {
  let out = "";
  for (let y = c[1] - 1; y <= c[1] + 1; y++) {
    for (let x = c[0] - 1; x <= c[0] + 1; x++) {
      if (x < 0 || y < 0 || x >= map.w || y >= map.h) continue;
      const value = at(map, x, y), light = (value - dim) / (bright - dim || 1) > READABLE;
      out += tag("text", { x, y: y + (low ? 0.43 : 0.1), "font-size": large ? 0.32 : 0.27, "text-anchor": "middle", fill: light ? "#000" : "#fff" }, fixed(value, 2));
    }
  }
  return out;
}

// What a step looks at.
function highlight(stage, { rawPeak, peak: m, step, landings }, kernel) {
  const [x, y] = step.center, box = (px, color) => frame(px[0] - 0.46, px[1] - 0.46, 0.92, 0.06, color);
  if (stage === 1) return box(rawPeak, COLORS.m);
  if (stage === 2) return CIRCLES.map((k) => tag("circle", { cx: m[0], cy: m[1], r: k * kernel, fill: "none", stroke: "#fff", "stroke-width": 0.05, "stroke-dasharray": 0.2 })).join("");
  if (stage === 4) return box(m, COLORS.m);
  const sides = box([x - 1, y], COLORS.d1) + box([x + 1, y], COLORS.d1) + box([x, y - 1], COLORS.d1) + box([x, y + 1], COLORS.d1);
  if (stage === 5) return sides + line([x, y], [x + step.gradient[0] * 3, y + step.gradient[1] * 3], COLORS.d1, 0.07);
  if (stage === 6) return frame(x - 1.46, y - 1.46, 2.92, 0.06, COLORS.d2);
  if (stage >= 7) {
    const star = stage > 7 ? marker("dark", landings.dark, 0.2) : tag("circle", { cx: landings.dark[0], cy: landings.dark[1], r: 0.1, fill: COLORS.step });
    return line([x, y], landings.dark, COLORS.step, 0.08) + marker("argmax", m, 0.14) + star;
  }
  return "";
}
