// Motion: a clip under two skeletons either side of a line, a zoom that follows one joint, its x and y over time.
// It plays in the browser alone; Python hears of the frame once it rests.
// data: video (its key in kept_frames.js), title, size [W, H], seconds, names [before, after], shown (decoders of the
// curves), joint, skeletons {name: frames of [x, y] or null}, bones, curves {name: [x, y] or null}, truth or null,
// reference (what the curves are taken from) or null, followed (where the zoom looks), span (of the zoom), lattice [x0, y0, photo px per heatmap px]; text, every word.
// state: frame, line (its share of the width).

const GRIP_SIZE = 0.035, SLOW = 0.25; // the grip's radius in parts of the width; the speed of slow motion

export default function (component) {
  mountFigure(component, buildMotion);
  const root = component.parentElement.querySelector(".figure-root");
  window.addEventListener("darkexplorerframes", root.redraw);
  return () => window.removeEventListener("darkexplorerframes", root.redraw);
}

function buildMotion(root) {
  const { text } = root.data;
  const button = (name, label, sign) => `<button data-do="${name}" aria-label="${label}" title="${label}">${sign}</button>`;
  root.innerHTML =
    `<div class="motion" role="group" aria-label="${text.group}">` +
    `<div class="pictures">${plotHtml("stage", "", { parts: "stage", classes: "hands" })}${plotHtml("zoom", "", { parts: "zoom answer" })}</div>` +
    `<div class="paths" data-part="curves answer">${plotHtml("x", "")}${plotHtml("y", "")}<ul class="legend"></ul></div>` +
    `<div class="player" data-part="player">${button("back", text.back, ICONS.back)}${button("play", text.play, ICONS.play)}${button("on", text.on, ICONS.on)}` +
    `<label class="scrub"><input type="range" min="0" step="1" data-control="frame" aria-label="${text.frame}"></label><output></output>` +
    `<label class="slow"><input type="checkbox" data-control="slow"> ${text.slow}</label></div></div>`;
  const plots = Object.fromEntries(["stage", "zoom", "x", "y"].map((name) => [name, new Plot(root, name)]));
  const { stage, zoom } = plots, box = root.querySelector(".motion");
  const scrub = root.querySelector("[data-control=frame]"), slow = root.querySelector("[data-control=slow]"), time = root.querySelector(".player output");
  const doing = (name) => root.querySelector(`[data-do=${name}]`);
  stage.svg.setAttribute("role", "group");
  stage.overlay.insertAdjacentHTML(
    "beforebegin",
    `<defs><clipPath id="before"><rect></rect></clipPath><clipPath id="after"><rect></rect></clipPath></defs>`,
  );
  stage.svg.insertAdjacentHTML("beforeend", `<g class="handle" tabindex="0" role="slider" aria-label="" aria-valuemin="0" aria-valuemax="100"></g>`);
  const handle = stage.svg.querySelector(".handle");

  // Time. `since` is when the first frame was, or would have been, shown.
  let since = null, resting = null;
  const count = () => root.data.seconds.length;
  const spent = (k) => root.data.seconds[k] - root.data.seconds[0];
  const length = () => spent(count() - 1) + (count() > 1 ? spent(count() - 1) / (count() - 1) : 0.1);
  const speed = () => (slow.checked ? SLOW : 1);
  const start = () => {
    since = performance.now() - (1000 * spent(root.state.frame)) / speed();
    requestAnimationFrame(tick);
  };
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(root.report, 250);
  };
  const stop = () => {
    if (since === null) return;
    since = null;
    rest();
    root.redraw();
  };
  const tick = () => {
    if (since === null) return;
    if (!root.isConnected) return void (since = null);
    const now = (((performance.now() - since) / 1000) * speed()) % length();
    let frame = 0;
    while (frame + 1 < count() && spent(frame + 1) <= now + 1e-6) frame += 1;
    if (frame !== root.state.frame) {
      root.state.frame = frame;
      root.redraw();
    }
    requestAnimationFrame(tick);
  };
  const go = (frame) => {
    since = null;
    root.state.frame = clamp(Math.round(frame), 0, count() - 1);
    root.redraw();
    rest();
  };
  const toggle = () => {
    if (since === null) start();
    else stop();
    root.redraw();
  };
  doing("play").onclick = toggle;
  doing("back").onclick = () => go(root.state.frame - 1);
  doing("on").onclick = () => go(root.state.frame + 1);
  scrub.oninput = () => go(Number(scrub.value));
  slow.onchange = () => since !== null && start();
  box.onkeydown = (event) => {
    const moves = { ArrowLeft: root.state.frame - 1, ArrowRight: root.state.frame + 1, Home: 0, End: count() - 1 };
    const presses = event.target.matches("button, [type=checkbox]") && event.key === " ";
    if (event.ctrlKey || event.altKey || event.metaKey || presses) return;
    if (event.key === " ") toggle();
    else if (event.key in moves) go(moves[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page the arrows step
  };

  // The line.
  let side = "";
  const listen = () => {
    const [w] = root.data.size;
    box.style.setProperty("--wide", w / root.data.size[1]);
    if (side === w) return;
    side = w;
    draggable(stage.svg, handle, () => [root.state.line * w, 0], ([x]) => {
      root.state.line = Math.round(1000 * clamp(x / w, 0, 1)) / 1000;
      root.redraw();
      rest();
    }, w / 5);
  };

  // Curves: clicked or dragged on, they go to that moment.
  for (const name of ["x", "y"]) {
    const svg = plots[name].svg;
    svg.insertAdjacentHTML("beforeend", `<g class="cursor"></g>`);
    const seek = (event) => {
      const [px] = pointed(svg, event), { left, right, span } = plots[name].axes;
      const at = ((px - left) / (right - left)) * span;
      let best = 0;
      for (let k = 1; k < count(); k++) if (Math.abs(spent(k) - at) < Math.abs(spent(best) - at)) best = k;
      go(best);
    };
    svg.onpointerdown = (event) => {
      svg.setPointerCapture(event.pointerId);
      seek(event);
    };
    svg.onpointermove = (event) => event.buttons && seek(event);
  }
  new ResizeObserver(root.redraw).observe(box);

  let drawnFrom = "";
  return () => {
    listen();
    const { data, state } = root, [before, after] = data.names, [w, h] = data.size;
    if (root.playingOf !== data.video) since = null;
    root.playingOf = data.video;
    const now = clamp(state.frame, 0, count() - 1), playing = since !== null;
    const kept = window.darkExplorerFrames, image = kept?.key === data.video ? kept.images[now] : undefined;
    const picture = image?.complete && image.naturalWidth ? image : null;
    const unit = Math.max(w, h) / 100;

    // The whole frame, with a skeleton either side of the line.
    stage.view(-0.5, -0.5, w, h);
    const x = state.line * w - 0.5;
    const sides = { before: { x: -0.5, width: x + 0.5 }, after: { x, width: w - 0.5 - x } };
    for (const [name, place] of Object.entries(sides)) {
      const rect = stage.svg.querySelector(`#${name} rect`);
      for (const [key, value] of Object.entries({ ...place, y: -0.5, height: h })) rect.setAttribute(key, value);
    }
    show(stage.canvas, picture, [-0.5, -0.5, w, h], data.size, 2 * Math.max(w, h) > 900 ? 1 : 2);
    const skeleton = (name) => {
      const xy = data.skeletons[name][now], { color } = lookOf(name);
      return (
        data.bones.map(([a, b]) => (xy[a] && xy[b] ? line(xy[a], xy[b], color, 0.6 * unit) : "")).join("") +
        xy.map((p, k) => (p ? marker(name, p, (k === data.joint ? 1.3 : 0.7) * unit) : "")).join("")
      );
    };
    const zoomed = data.followed[now], span = data.span, corner = [zoomed[0] - span / 2, zoomed[1] - span / 2];
    stage.over(
      `<g clip-path="url(#before)">${skeleton(before)}</g><g clip-path="url(#after)">${skeleton(after)}</g>` +
        frame(...corner, span, 0.3 * unit) + line([x, -0.5], [x, h - 0.5], "#fff", 0.35 * unit),
    );
    const grip = GRIP_SIZE * w;
    handle.setAttribute("transform", `translate(${x} ${0.9 * h})`);
    handle.innerHTML = gripHtml(grip, Math.max(grip, (22 * w) / (stage.svg.clientWidth || w)), unit);
    handle.setAttribute("aria-label", fill(text.handle, titles(before, after)));
    handle.setAttribute("aria-valuenow", Math.round(100 * state.line));
    handle.setAttribute("aria-valuetext", fill(text.position, { ...titles(before, after), share: Math.round(100 * state.line) }));
    title(stage, fill(text.stage, titles(before, after)));
    const told = { ...titles(before, after), title: data.title, frame: now + 1, count: count(), seconds: fixed(spent(now), 2) };
    stage.say(fill(text.stage_alt, told), "");

    // The joint from near, with the pixels of the heatmap.
    zoom.view(...corner, span, span);
    show(zoom.canvas, picture, [...corner, span, span], data.size, 480 / span);
    const cell = data.lattice[now];
    const at = Object.fromEntries(data.shown.filter((name) => data.curves[name][now]).map((name) => [name, data.curves[name][now]]));
    zoom.over((cell ? pixels(corner, span, cell) : "") + landed(Object.keys(at), at, data.truth?.[now], [...corner, span]) + (cell ? scaleBar(...corner, span, cell[2]) : ""));
    title(zoom, fill(text.zoom, { joint: data.text.joint }));
    const off = (name) => (data.truth && at[name] ? fixed(apart(at[name], data.truth[now]), 1) : "–");
    const near = { ...told, joint: data.text.joint, off_before: off(before), off_after: off(after), photo_px: cell ? fixed(cell[2], 1) : "–" };
    zoom.say(fill(data.truth ? text.zoom_alt : text.zoom_alt_unknown, near), fill(data.truth ? text.zoom_note : text.zoom_note_unknown, near));

    // Its path: the curves are drawn when they change, the cursor with each frame.
    const size = ["x", "y"].map((name) => `${plots[name].svg.clientWidth}`).join(" ");
    const drawing = [size, data.video, data.joint, data.reference !== null, ...data.shown, before, after, root.classList.contains("present")].join(" ");
    if (drawing !== drawnFrom) {
      drawnFrom = drawing;
      ["x", "y"].forEach((name, axis) => drawPath(plots[name], data, axis));
      root.querySelector(".legend").outerHTML = legendHtml([...(data.truth ? ["truth"] : []), ...data.shown], text.truth, "");
    }
    ["x", "y"].forEach((name) => {
      const { px, py, top, bottom, valueOf } = plots[name].axes;
      const marks = Object.entries(at)
        .map(([one, p]) => [one, valueOf(p, now)])
        .map(([one, value]) => (value === null ? "" : marker(one, [px(now), py(value)], 4.5)))
        .join("");
      plots[name].svg.querySelector(".cursor").innerHTML =
        tag("path", { d: `M${px(now)} ${top}V${bottom}`, stroke: "currentColor", "stroke-width": 1.5 }) + marks;
    });

    scrub.max = count() - 1;
    if (Number(scrub.value) !== now) scrub.value = now;
    const clock = fill(text.clock, told);
    scrub.setAttribute("aria-valuetext", clock);
    time.textContent = clock;
    const play = doing("play"), label = playing ? text.pause : text.play;
    if (play.getAttribute("aria-label") !== label) {
      play.innerHTML = playing ? ICONS.pause : ICONS.play;
      play.setAttribute("aria-label", label);
      play.title = label;
    }
    doing("back").disabled = now === 0 && !playing;
    doing("on").disabled = now === count() - 1 && !playing;
    root.drawn = { frame: now, playing, line: state.line, zoom: zoomed, cursor: plots.x.axes.px(now), picture: picture !== null, at };
  };
}

const sign = (d) => `<svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><path d="${d}"></path></svg>`;
const ICONS = {
  play: sign("M4 2l10 6-10 6z"),
  pause: sign("M3 2h4v12H3zM9 2h4v12H9z"),
  back: sign("M2 2h2.5v12H2zM14 2v12L5.5 8z"),
  on: sign("M11.500 2H14v12h-2.500zM2 2l8.500 6L2 14z"),
};

const titles = (before, after) => ({ before: lookOf(before).title, after: lookOf(after).title });

function title(plot, words) {
  const place = plot.panel.querySelector(".title span");
  if (place.textContent !== words) place.textContent = words;
}

// The part [x, y, w, h] of a frame of `size` px, enlarged `scale` times; the picture may be smaller than the frame.
function show(canvas, image, [x, y, w, h], size, scale) {
  const [wide, high] = [Math.round(w * scale), Math.round(h * scale)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const g = canvas.getContext("2d");
  g.clearRect(0, 0, wide, high);
  if (!image) return;
  const ratio = image.naturalWidth / size[0];
  g.imageSmoothingQuality = "high";
  g.setTransform(wide / w / ratio, 0, 0, high / h / ratio, ((-0.5 - x) * wide) / w, ((-0.5 - y) * high) / h);
  g.drawImage(image, 0, 0);
  g.setTransform(1, 0, 0, 1, 0, 0);
}

// Borders of the heatmap's pixels in a window of the frame; cell: the first pixel's center and a pixel's side.
function pixels([x, y], span, [x0, y0, side]) {
  const first = [(x - x0) / side, (y - y0) / side];
  return tag("g", { transform: `translate(${x0} ${y0}) scale(${side})` }, grid(...first, span / side));
}

// x or y of the joint over time, or how far they are from the reference: a curve per decoder, the truth or the
// reference dashed. plot.axes says where a frame and a value are, and the value of a position.
function drawPath(plot, data, axis) {
  const em = parseFloat(getComputedStyle(plot.svg).fontSize), W = Math.max(plot.svg.clientWidth, 240), H = Math.max(plot.svg.clientHeight, 100);
  const { reference, text } = data, dashed = data.truth ?? reference;
  const valueOf = (p, k) => (!reference ? (p && p[axis]) : p && reference[k] ? p[axis] - reference[k][axis] : null);
  const known = [...data.shown.map((name) => data.curves[name]), dashed ?? []].flatMap((points) => points.map(valueOf)).filter((value) => value !== null);
  const gap = 0.08 * (Math.max(...known) - Math.min(...known)) + 1, low = Math.min(...known) - gap, high = Math.max(...known) + gap;
  const span = data.seconds.at(-1) - data.seconds[0] || 1;
  const left = 3.2 * em, right = W - 0.8 * em, top = 0.5 * em, bottom = H - 1.7 * em;
  const px = (k) => left + ((data.seconds[k] - data.seconds[0]) / span) * (right - left);
  const share = (value) => (value - low) / (high - low);
  const py = (value) => (axis ? top + share(value) * (bottom - top) : bottom - share(value) * (bottom - top)); // y grows downwards, as on the photo
  plot.axes = { left, right, top, bottom, span, px, py, valueOf };
  const path = (points) => points.map(valueOf).reduce((d, v, k, all) => (v === null ? d : `${d}${k && all[k - 1] !== null ? "L" : "M"}${px(k).toFixed(1)} ${py(v).toFixed(1)}`), "");
  const stroke = (points, color, width, extra = {}) => tag("path", { d: path(points), fill: "none", stroke: color, "stroke-width": width, "stroke-linejoin": "round", ...extra });
  let out = "";
  for (const value of ticks(low, high, (bottom - top) / (2.2 * em))) {
    out += tag("path", { d: `M${left} ${py(value)}H${right}`, stroke: "currentColor", opacity: 0.15 });
    out += tag("text", { x: left - 0.4 * em, y: py(value) + 0.35 * em, "text-anchor": "end" }, value);
  }
  for (const second of ticks(0, span, (right - left) / (6 * em))) {
    const at = left + (second / span) * (right - left);
    out += tag("text", { x: at, y: bottom + 1.2 * em, "text-anchor": "middle" }, fill(text.second, { second }));
  }
  for (const name of data.shown) out += stroke(data.curves[name], "#000", 3.6, { opacity: 0.55 }) + stroke(data.curves[name], lookOf(name).color, 2);
  if (dashed) out += stroke(dashed, "currentColor", 1.6, { "stroke-dasharray": "5 4", "data-curve": "truth" });
  plot.panel.querySelector(".plot").style.aspectRatio = "";
  plot.svg.setAttribute("viewBox", `0 0 ${W} ${H}`);
  plot.canvas.style.display = "none";
  plot.over(out);
  title(plot, fill(text[axis ? "y" : "x"], { joint: data.text.joint }));
  plot.say(fill(text.path_alt, { axis: fill(text[axis ? "y" : "x"], { joint: data.text.joint }), joint: data.text.joint, low: fixed(low, 0), high: fixed(high, 0), decoders: data.shown.map((name) => lookOf(name).title).join(", ") }));
}

// At most `most` round values from low to high.
function ticks(low, high, most) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((one) => (high - low) / one <= Math.max(most, 1)) ?? 5000;
  return Array.from({ length: Math.floor(high / step) - Math.ceil(low / step) + 1 }, (_, k) => Number(((Math.ceil(low / step) + k) * step).toFixed(1)));
}
