// Smooth: raw above, modulated below: map, surface, where the log is concave, the step; and a cut through the peak.
// data: as for Decode; text, every word of the figure, from the catalog of the page.

const ROWS = ["raw", "smoothed"];
const NEAR = 5;
const BEYOND = 1e-10; // taylor.py: below this share of the peak there is no log worth the name

export default function (component) {
  mountFigure(component, buildSmooth);
}

function buildSmooth(root) {
  const { text } = root.data;
  const panels = (which) =>
    plotHtml(`${which}-map`, text[which], { parts: "maps", classes: `${which} ${which === "raw" ? "hands" : ""}` }) +
    plotHtml(`${which}-surface`, text.surface, { parts: "surfaces", classes: `${which} turn` }) +
    plotHtml(`${which}-sign`, text.sign, { parts: "signs", classes: which }) +
    plotHtml(`${which}-step`, text.step, { parts: `steps ${which === "raw" ? "" : "answer"}`, classes: which });
  root.innerHTML =
    `<div class="smooth"><div class="made">${sliderHtml("kernel", text.kernel, 0, 4, 0.1)}${sliderHtml("noise", text.noise, 0, 0.3, 0.01)}</div>` +
    `<div class="rows">${panels("raw")}${panels("smoothed")}` +
    `<div class="cuts" data-part="cuts">${plotHtml("cut", text.cut)}${plotHtml("log", text.log)}</div></div></div>`;
  const names = ROWS.flatMap((which) => ["map", "surface", "sign", "step"].map((what) => `${which}-${what}`));
  const plots = Object.fromEntries([...names, "cut", "log"].map((name) => [name, new Plot(root, name)]));
  const hand = plots["raw-map"];
  hand.svg.setAttribute("role", "group");
  hand.svg.insertAdjacentHTML("beforeend", `<g class="handle" tabindex="0" role="slider" aria-label="${text.joint}" aria-valuenow="0"></g>`);
  const handle = hand.svg.querySelector(".handle");
  draggable(hand.svg, handle, () => [root.state.x, root.state.y], ([x, y]) => {
    if (!root.data.made) return;
    const [w, h] = root.data.size, held = (value, length) => Math.round(clamp(value, -0.5, length - 0.5) * 100) / 100;
    root.change({ x: held(x, w), y: held(y, h) });
  });
  const show = Object.fromEntries(["kernel", "noise"].map((name) => [name, slider(root, name, (value) => root.change({ [name]: value }))]));
  for (const which of ROWS) turnable(plots[`${which}-surface`], root);

  return () => {
    const { data, state } = root;
    const [w, h] = data.size, raw = mapOf(data, state), kernel = state.kernel, size = w / STYLE.heatmap_width_over.marker;
    const truth = data.made ? [state.x, state.y] : data.truth;
    const read = readAll(raw, kernel);
    const maps = { raw, smoothed: read.smoothed };
    const peaks = { raw: read.rawPeak, smoothed: read.peak };
    const steps = { raw: read.alone, smoothed: read.step };
    const ends = { raw: "taylor", smoothed: "dark" };
    const away = (which) => (truth ? apart(steps[which].xy, truth) : apart(steps[which].xy, peaks[which]));
    root.drawn = { map: [...raw.v], smoothed: [...read.smoothed.v], landings: read.landings, steps, signs: {} };

    show.kernel(kernel, kernel ? fixed(kernel, 1) : text.no_kernel);
    show.noise(state.noise ?? 0, fixed(state.noise ?? 0, 2));
    root.querySelector("[data-control=noise]").parentElement.style.display = data.made ? "" : "none";
    handle.style.display = truth ? "" : "none";
    hand.svg.classList.toggle("fast", !data.made);
    if (truth) {
      handle.setAttribute("transform", `translate(${truth[0]} ${truth[1]})`);
      handle.setAttribute("tabindex", data.made ? 0 : -1);
      handle.setAttribute("aria-valuenow", truth[0].toFixed(2));
      handle.setAttribute("aria-valuetext", fill(text.position, { x: fixed(truth[0], 2), y: fixed(truth[1], 2) }));
      if (!handle.firstChild) handle.innerHTML = `<circle r="${size * 5}" fill="transparent"></circle>` + truthMark([0, 0], size * 2);
    }
    for (const which of ROWS) {
      const map = maps[which], m = peaks[which], step = steps[which], c = step.center;
      const values = { which: text[which], value: fixed(at(map, ...m), 2), peak: pair(m, 0) };

      const plot = plots[`${which}-map`];
      plot.view(-0.5, -0.5, w, h);
      paint(plot.canvas, map, 0, 1);
      plot.range(0, 1);
      plot.over(frame(c[0] - NEAR / 2, c[1] - NEAR / 2, NEAR, w / STYLE.heatmap_width_over.frame) + (truth && which !== "raw" ? truthMark(truth, size * 2) : ""));
      plot.say(fill(text.map_alt, values), fill(text.map_note, values));

      drawSurface(plots[`${which}-surface`], map, state.yaw, state.pitch);
      plots[`${which}-surface`].say(fill(text.surface_alt, values), which === "raw" ? text.turn : text.same_scale);

      const sign = signs(map), share = concaveShare(sign, map, m, data.sigma);
      root.drawn.signs[which] = [...sign.v];
      const signPlot = plots[`${which}-sign`];
      signPlot.view(-0.5, -0.5, w, h);
      paint(signPlot.canvas, sign, -1, 1, "diverging");
      signPlot.over(tag("circle", { cx: m[0], cy: m[1], r: 1.5 * data.sigma, fill: "none", stroke: "#000", "stroke-width": w / 130 }));
      const shared = { ...values, share: Math.round(100 * share) };
      signPlot.say(fill(text.sign_alt, shared), fill(text.sign_note, shared));

      const near = plots[`${which}-step`], x0 = c[0] - (NEAR - 1) / 2, y0 = c[1] - (NEAR - 1) / 2;
      const log = cut(newMap(w, h, (_x, _y, i) => Math.log(Math.max(map.v[i], 1e-3))), x0, y0, NEAR, NEAR);
      const seen = log.v.filter((v) => !Number.isNaN(v));
      near.view(x0 - 0.5, y0 - 0.5, NEAR, NEAR);
      paint(near.canvas, log, Math.min(...seen), Math.max(...seen));
      near.over(
        grid(x0 - 0.5, y0 - 0.5, NEAR) + (truth ? truthMark(truth, 0.22) : "") +
          line(m, step.xy, "#fff", 0.07) + marker("argmax", m, 0.13) + marker(ends[which], step.xy, 0.15),
      );
      const end = `${truth ? "to_truth" : "to_peak"}${CUT.includes(step.reason) ? "_cut" : ""}`;
      const result = fill(text[STEPPED.includes(step.reason) ? end : "refused"], { away: fixed(away(which), 2) });
      const told = { ...values, result, bend: fixed(step.hessian[0], 2) };
      near.say(fill(text.step_alt, told), fill(text.step_note, told));
    }
    drawCuts(plots, maps, peaks, steps, truth, kernel, data);
  };
}

// Sign of the log's curvature: 1 where both principal curvatures are negative, −1 where not, NaN where there is no log.
function signs(map) {
  const top = map.v.reduce((a, b) => Math.max(a, b), 0);
  const log = map.v.map((value) => (value > BEYOND * top ? Math.log(value) : NaN));
  const v = (x, y) => log[y * map.w + x];
  return newMap(map.w, map.h, (x, y) => {
    if (x < 1 || y < 1 || x > map.w - 2 || y > map.h - 2) return NaN;
    const dxx = v(x + 1, y) - 2 * v(x, y) + v(x - 1, y), dyy = v(x, y + 1) - 2 * v(x, y) + v(x, y - 1);
    const dxy = 0.25 * (v(x + 1, y + 1) - v(x + 1, y - 1) - v(x - 1, y + 1) + v(x - 1, y - 1));
    const concave = dxx < 0 && dxx * dyy - dxy * dxy > 1e-12;
    return Number.isNaN(dxx + dyy + dxy) ? NaN : concave ? 0.6 : -0.6;
  });
}

function concaveShare(sign, map, m, sigma) {
  let inside = 0, concave = 0;
  sign.v.forEach((value, i) => {
    if (Math.hypot((i % map.w) - m[0], Math.floor(i / map.w) - m[1]) > 1.5 * sigma) return;
    inside += 1;
    concave += value > 0;
  });
  return inside ? concave / inside : 0;
}

// A surface seen from yaw and pitch (degrees): quads painted from back to front.
function drawSurface(plot, map, yaw, pitch) {
  const canvas = plot.canvas, side = 480;
  if (canvas.width !== side) canvas.width = canvas.height = side;
  plot.view(0, 0, 1, 1);
  const g = canvas.getContext("2d"), lut = LUT.viridis;
  g.clearRect(0, 0, side, side);
  const [sin, cos] = [Math.sin((yaw * Math.PI) / 180), Math.cos((yaw * Math.PI) / 180)];
  const [rise, tilt] = [Math.cos((pitch * Math.PI) / 180), Math.sin((pitch * Math.PI) / 180)];
  const half = [(map.w - 1) / 2, (map.h - 1) / 2], scale = (0.66 * side) / Math.max(map.w, map.h), tall = 0.5 * side;
  const place = (x, y, value) => {
    const u = (x - half[0]) * cos - (y - half[1]) * sin, v = (x - half[0]) * sin + (y - half[1]) * cos;
    return [side / 2 + u * scale, side * 0.66 + v * scale * tilt - clamp(value, -0.3, 1.2) * tall * rise, v];
  };
  const quads = [];
  for (let y = 0; y < map.h - 1; y++) {
    for (let x = 0; x < map.w - 1; x++) {
      const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]].map(([a, b]) => place(a, b, at(map, a, b)));
      const mean = (at(map, x, y) + at(map, x + 1, y) + at(map, x, y + 1) + at(map, x + 1, y + 1)) / 4;
      quads.push([corners, mean, corners.reduce((sum, p) => sum + p[2], 0)]);
    }
  }
  quads.sort((a, b) => a[2] - b[2]);
  g.lineWidth = 0.7;
  for (const [corners, mean] of quads) {
    const k = 3 * Math.round(clamp(mean, 0, 1) * 255);
    g.fillStyle = `rgb(${lut[k]},${lut[k + 1]},${lut[k + 2]})`;
    g.strokeStyle = mean > 0.6 ? "#0003" : "#fff4";
    g.beginPath();
    corners.forEach(([px, py], i) => (i ? g.lineTo(px, py) : g.moveTo(px, py)));
    g.closePath();
    g.fill();
    g.stroke();
  }
}

function turnable(plot, root) {
  const svg = plot.svg, turn = (yaw, pitch) => root.change({ yaw: Math.round(((yaw + 540) % 360) - 180), pitch: Math.round(clamp(pitch, 10, 85)) });
  svg.setAttribute("tabindex", 0);
  svg.setAttribute("role", "group");
  let from = null;
  svg.onpointerdown = (event) => {
    from = [event.clientX, event.clientY, root.state.yaw, root.state.pitch];
    svg.setPointerCapture(event.pointerId);
  };
  svg.onpointermove = (event) => from && turn(from[2] - (event.clientX - from[0]) * 0.6, from[3] + (event.clientY - from[1]) * 0.4);
  svg.onpointerup = svg.onpointercancel = () => { from = null; };
  svg.onkeydown = (event) => {
    const by = { ArrowLeft: [10, 0], ArrowRight: [-10, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }[event.key];
    if (!by) return;
    turn(root.state.yaw + by[0], root.state.pitch + by[1]);
    event.preventDefault();
    event.stopPropagation();
  };
}

// The row through each peak, plain and as logs, with the parabola that the step takes the log for.
function drawCuts(plots, maps, peaks, steps, truth, kernel, { text, present }) {
  const w = maps.raw.w, W = 320, H = present ? 225 : 190, left = 34, bottom = present ? 36 : 26; // presented, the letters are larger
  const draw = (plot, low, high, ticks, unit, curves, parabolas, alt, note) => {
    const px = (x) => left + ((x + 0.5) / w) * (W - left - 6), py = (y) => H - bottom - ((clamp(y, low, high) - low) / (high - low)) * (H - bottom - 8);
    const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${px(x).toFixed(2)} ${py(y).toFixed(2)}`).join("");
    let out = "";
    for (const tick of ticks) {
      out += tag("path", { d: `M${left} ${py(tick)}H${W - 6}`, stroke: "currentColor", opacity: 0.15 });
      out += tag("text", { x: left - 5, y: py(tick) + 4, "text-anchor": "end" }, fixed(tick, unit));
    }
    for (let x = 0; x < w; x += 8) out += tag("text", { x: px(x), y: H - bottom + 14, "text-anchor": "middle" }, x);
    out += tag("text", { x: W - 6, y: H - (present ? 5 : 3), "text-anchor": "end" }, text.axis);
    if (truth) out += tag("path", { d: `M${px(truth[0])} 8V${H - bottom}`, stroke: "currentColor", "stroke-dasharray": "2 3" });
    for (const [points, style] of curves) out += tag("path", { d: path(points), fill: "none", ...style });
    for (const [points, style] of parabolas) out += tag("path", { d: path(points), fill: "none", ...style });
    plot.view(0, 0, W, H);
    plot.canvas.style.display = "none";
    plot.over(out);
    plot.say(alt, note);
  };
  const rowOf = (which) => Array.from({ length: w }, (_, x) => [x, at(maps[which], x, peaks[which][1])]);
  const styles = { raw: { stroke: DECODERS.taylor.color, "stroke-width": 1.6 }, smoothed: { stroke: "var(--st-primary-color)", "stroke-width": 2.4 } };
  const order = ROWS.filter((which) => which === "raw" || kernel > 0);
  draw(
    plots.cut, 0, 1.2, [0, 0.5, 1], 1, order.map((which) => [rowOf(which), styles[which]]), [],
    fill(text.cut_alt, { kernel: fixed(kernel, 1) }), text.cut_note,
  );
  const logs = (points) => points.map(([x, v]) => [x, Math.log(Math.max(v, 1e-3))]);
  const parabola = (which) => {
    const step = steps[which], [cx] = step.center, top = step.log ? step.log[4] : 0;
    if (!step.log || step.hessian[0] >= 0) return [];
    return Array.from({ length: 81 }, (_, k) => -4 + k / 10).map((u) => [cx + u, top + step.gradient[0] * u + 0.5 * step.hessian[0] * u * u]);
  };
  draw(
    plots.log, -4, 0.5, [-4, -2, 0], 0, order.map((which) => [logs(rowOf(which)), styles[which]]),
    order.map((which) => [parabola(which), { ...styles[which], "stroke-dasharray": "5 4" }]),
    fill(text.log_alt, { raw: fixed(steps.raw.hessian[0], 2), smoothed: fixed(steps.smoothed.hessian[0], 2) }), text.log_note,
  );
}
